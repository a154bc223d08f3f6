import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pause } from "../../src/base/wait.ts";
import { AOF_ALWAYS, RedisServer } from "../support/redis-server.ts";
import { type RunningSidecar, startProcess } from "../support/sidecar.ts";
import { beginAgain, runCaller, Told } from "./caller.ts";

const ROUNDS = 4;
const CALLERS = 16;
/** How long each round lets the load run, ms: another instant each time. */
const LOAD_MS = [200, 500, 350, 650];

describe("a sidecar on a Redis with AOF always that is killed under load", () => {
  const told = new Told();
  let redis: RedisServer;
  let sidecar: RunningSidecar;
  let answers: Awaited<ReturnType<typeof beginAgain>>;

  beforeAll(async () => {
    redis = await RedisServer.start({ args: AOF_ALWAYS });
    sidecar = await startProcess({ ONCEWARD_STORE: redis.url() });
    for (let round = 0; round < ROUNDS; round++) {
      const stop = new AbortController();
      const names = Array.from({ length: CALLERS }, (_, i) => `round-${round}-caller-${i}`);
      const callers = names.map((name) => runCaller(sidecar.ready.listen, name, told, stop.signal));
      await pause(LOAD_MS[round] ?? 0);
      await redis.kill();
      stop.abort();
      await Promise.all(callers);
      await redis.restart();
      await served(sidecar);
    }
    answers = await beginAgain(sidecar.ready.listen, told);
  });

  afterAll(async () => {
    sidecar.signal("SIGTERM");
    await sidecar.exited;
    await redis.stop();
  });

  it("lost answers, and went on by itself when Redis was back", () => {
    expect(told.completed.size).toBeGreaterThan(CALLERS * ROUNDS);
    expect(told.unknown).toBeGreaterThan(0);
  });

  it("replays every acknowledged result", () => {
    for (const [key, body] of told.completed) {
      expect(answers.get(key), key).toMatchObject({ outcome: "REPLAY" });
      expect(String(answers.get(key)?.record?.result?.body), key).toBe(body);
    }
  });

  it("still knows every attempt that was handed out", () => {
    const states = [...answers.values()].map(({ outcome }) => outcome);
    expect(answers.size).toBe(told.tokens.size);
    expect(states.filter((outcome) => outcome !== "REPLAY" && outcome !== "IN_PROGRESS")).toEqual([]);
    expect(told.inversions).toEqual([]);
  });
});

/** Bounded by the hook's own time limit. */
async function served({ ready }: RunningSidecar): Promise<void> {
  while ((await fetch(`http://${ready.ops}/readyz`)).status !== 200) await pause(20);
}
