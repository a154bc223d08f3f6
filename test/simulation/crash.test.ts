import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { pause } from "../../src/base/wait.ts";
import { AOF_ALWAYS, RedisServer } from "../support/redis-server.ts";
import { type RunningSidecar, startProcess } from "../support/sidecar.ts";
import { beginAgain, runCaller, runOrderedCaller, type Standing, standingOf, Told } from "./caller.ts";

const CALLERS = 16;
/** Callers that each work through a stream of their own. */
const STREAMS = 8;
/** How long each round lets the load run, once it does, before the kill, ms: another instant each time. */
const LOAD_MS = [150, 400, 700, 250, 550];

/** One process to lose under load. */
interface Victim {
  readonly name: string;
  /** Runs every round, then `check` on a sidecar that serves again, and puts everything away. */
  crash(load: Load, check: (after: RunningSidecar) => Promise<void>): Promise<void>;
}

/** Starts callers, calls `kill` in the midst of it, and settles when every caller has given up. */
type Load = (sidecar: RunningSidecar, round: number, kill: () => Promise<unknown>) => Promise<void>;

const SIDECAR_ON_EMBEDDED: Victim = {
  name: "a sidecar on the embedded store",
  async crash(load, check) {
    const directory = mkdtempSync(join(tmpdir(), "onceward-crash-"));
    const env = { ONCEWARD_STORE: `embedded:${directory}` };
    for (const round of LOAD_MS.keys()) {
      const sidecar = await startProcess(env);
      await load(sidecar, round, () => {
        sidecar.signal("SIGKILL");
        return sidecar.exited;
      });
    }
    const after = await startProcess(env);
    await check(after);
    await stopped(after);
    rmSync(directory, { recursive: true, force: true });
  },
};

const REDIS_WITH_AOF: Victim = {
  name: "a Redis with AOF always",
  async crash(load, check) {
    const redis = await RedisServer.start({ args: AOF_ALWAYS });
    const sidecar = await startProcess({ ONCEWARD_STORE: redis.url() });
    for (const round of LOAD_MS.keys()) {
      await load(sidecar, round, () => redis.kill());
      await redis.restart();
      await served(sidecar);
    }
    await check(sidecar);
    await stopped(sidecar);
    await redis.stop();
  },
};

describe.each([SIDECAR_ON_EMBEDDED, REDIS_WITH_AOF])("after $name was killed under load", ({ crash }) => {
  const told = new Told();
  const fresh = new Told();
  let answers: Awaited<ReturnType<typeof beginAgain>>;
  let highestBefore = 0n;
  const standings = new Map<string, Standing>();

  beforeAll(async () => {
    const load: Load = async ({ ready }, round, kill) => {
      const stop = new AbortController();
      const names = Array.from({ length: CALLERS }, (_, i) => `round-${round}-caller-${i}`);
      const streams = Array.from({ length: STREAMS }, (_, i) => `round-${round}-stream-${i}`);
      const callers = [
        ...names.map((name) => runCaller(ready.listen, name, told, stop.signal)),
        ...streams.map((stream) => runOrderedCaller(ready.listen, stream, told, stop.signal)),
      ];
      // However long a busy machine takes until callers are answered at all.
      const underWay = told.completed.size + 2 * CALLERS;
      while (told.completed.size < underWay) await pause(5);
      await pause(LOAD_MS[round] ?? 0);
      await kill();
      stop.abort();
      await Promise.all(callers);
    };
    await crash(load, async ({ ready }) => {
      highestBefore = told.highest();
      answers = await beginAgain(ready.listen, told);
      for (const stream of told.committed.keys()) standings.set(stream, await standingOf(ready.listen, stream));
      const one = new AbortController();
      const caller = runCaller(ready.listen, "after", fresh, one.signal);
      while (fresh.completed.size === 0) await pause(5);
      one.abort();
      await caller;
    });
  }, 120_000);

  it("had answered calls, and left some unanswered", () => {
    expect(told.completed.size).toBeGreaterThan(CALLERS * LOAD_MS.length);
    expect(told.unknown).toBeGreaterThan(0);
  });

  it("replays every acknowledged result", () => {
    for (const [key, body] of told.completed) {
      expect(answers.get(key), key).toMatchObject({ outcome: "REPLAY" });
      expect(String(answers.get(key)?.record?.result?.body), key).toBe(body);
    }
  });

  it("still knows every attempt that was handed out", () => {
    const outcomes = [...answers.values()].map(({ outcome }) => outcome);
    expect(answers.size).toBe(told.tokens.size);
    expect(outcomes.filter((outcome) => outcome !== "REPLAY" && outcome !== "IN_PROGRESS")).toEqual([]);
  });

  it("has every stream where its last acknowledged place left it, or at the one under way, and in order", () => {
    expect(standings.size).toBeGreaterThan(STREAMS);
    for (const [stream, { last, outcomes }] of standings) {
      const acknowledged = told.committed.get(stream) ?? 0;
      expect([acknowledged, acknowledged + 1], stream).toContain(last);
      const [done, again, beyond, next] = outcomes;
      expect([done, again, beyond], stream).toEqual(["REPLAY", "STALE", "GAP"]);
      expect(["STARTED", "IN_PROGRESS"], stream).toContain(next);
    }
  });

  it("hands out a higher token than any before", () => {
    expect(told.inversions).toEqual([]);
    expect(fresh.tokens.get("after-0")).toBeGreaterThan(highestBefore);
  });
});

async function stopped(sidecar: RunningSidecar): Promise<void> {
  sidecar.signal("SIGTERM");
  await sidecar.exited;
}

/** Bounded by the hook's own time limit. */
async function served({ ready }: RunningSidecar): Promise<void> {
  while ((await fetch(`http://${ready.ops}/readyz`)).status !== 200) await pause(20);
}
