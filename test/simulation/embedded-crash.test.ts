import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pause } from "../../src/base/wait.ts";
import { startProcess } from "../support/sidecar.ts";
import { beginAgain, runCaller, Told } from "./caller.ts";

const ROUNDS = 5;
const CALLERS = 16;
/** How long each round lets the load run, ms: another instant each time. */
const LOAD_MS = [150, 400, 700, 250, 550];

describe("a sidecar on the embedded store that is killed under load", () => {
  const told = new Told();
  const endings: unknown[] = [];
  let directory = "";
  let answers: Awaited<ReturnType<typeof beginAgain>>;
  let highestBefore = 0n;
  let next: bigint | undefined;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "onceward-crash-"));
    const env = { ONCEWARD_STORE: `embedded:${directory}` };
    for (let round = 0; round < ROUNDS; round++) {
      const sidecar = await startProcess(env);
      const stop = new AbortController();
      const names = Array.from({ length: CALLERS }, (_, i) => `round-${round}-caller-${i}`);
      const callers = names.map((name) => runCaller(sidecar.ready.listen, name, told, stop.signal));
      await pause(LOAD_MS[round] ?? 0);
      sidecar.signal("SIGKILL");
      endings.push((await sidecar.exited).signal);
      stop.abort();
      await Promise.all(callers);
    }
    highestBefore = told.highest();
    const sidecar = await startProcess(env);
    answers = await beginAgain(sidecar.ready.listen, told);
    const fresh = new Told();
    const one = new AbortController();
    const caller = runCaller(sidecar.ready.listen, "after", fresh, one.signal);
    while (fresh.tokens.size === 0) await pause(5);
    one.abort();
    await caller;
    next = fresh.tokens.get("after-0");
    sidecar.signal("SIGTERM");
    await sidecar.exited;
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("really was killed, with calls under way", () => {
    expect(endings).toEqual(Array(ROUNDS).fill("SIGKILL"));
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
  });

  it("hands out a higher token than any before", () => {
    expect(told.inversions).toEqual([]);
    expect(next).toBeGreaterThan(highestBefore);
  });
});
