import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MINUTE, resultOf } from "../../support/commands.ts";
import { type EmbeddedHarness, openEmbedded } from "../../support/embedded-harness.ts";
import { narrow, subjectOf } from "../../support/subject.ts";

const LOAD = fileURLToPath(new URL("../../support/embedded-load.ts", import.meta.url));
/**
 * How each round ends: killed at work, or so many ms after it has begun to put what is in memory into files before it
 * stops. At 0 nothing has been done of that, later some of it, or all.
 */
const ENDS = ["at work", "at work", 0, "at work", 3, "at work", 8, 20] as const;
/** Longest that a round's load runs before it ends, ms. */
const LOAD_MS_MAX = 600;
/** Longest that a process may take to end, ms: one that found nothing to flush would not. */
const END_MS_MAX = 20_000;
/** The seed that a failure prints; ONCEWARD_SEED kills at the same instants again. */
const SEED = Number(process.env.ONCEWARD_SEED ?? Math.trunc(Math.random() * 2 ** 31));

interface Acknowledged {
  /** In the order in which they were handed out. */
  readonly tokens: Map<string, bigint[]>;
  readonly completed: Map<string, { readonly token: bigint; readonly length: number }>;
}

interface Round {
  readonly number: number;
  readonly end: (typeof ENDS)[number];
  /** After its first acknowledgement, ms. */
  readonly endsAfterMs: number;
}

interface Ended {
  readonly signal: string;
  /** What it said of its flush. */
  readonly flush: readonly string[];
}

/** Runs the load of one round until it is killed. */
async function runAndKill(directory: string, { number, end, endsAfterMs }: Round, told: Acknowledged): Promise<Ended> {
  const args = [LOAD, directory, String(number), String(end)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const overdue = setTimeout(() => child.kill("SIGINT"), END_MS_MAX);
  const ended = once(child, "close");
  const flush: string[] = [];
  let heard = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!heard) setTimeout(() => child.kill(end === "at work" ? "SIGKILL" : "SIGTERM"), endsAfterMs);
    heard = true;
    const [what = "", key = "", token = "", length, mark] = line.split(" ");
    if (mark === undefined) continue; // cut short by the kill: it was not said
    if (what === "begun") told.tokens.set(key, [...(told.tokens.get(key) ?? []), BigInt(token)]);
    else if (what === "completed") told.completed.set(key, { token: BigInt(token), length: Number(length) });
    else flush.push(what);
  }
  const [, signal] = await ended;
  clearTimeout(overdue);
  return { signal: String(signal), flush };
}

describe(`an embedded store whose process is killed, at work and while it closes, seed ${SEED}`, () => {
  const told: Acknowledged = { tokens: new Map(), completed: new Map() };
  const ended: Ended[] = [];
  let directory = "";
  let harness: EmbeddedHarness;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "onceward-crash-"));
    let random = SEED;
    for (const [number, end] of ENDS.entries()) {
      random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
      ended.push(await runAndKill(directory, { number, end, endsAfterMs: (random / 2 ** 31) * LOAD_MS_MAX }, told));
    }
    // The leases of what was running when it was killed have lapsed by then.
    harness = await openEmbedded({ directory, fromUs: (Date.now() + MINUTE) * 1000 });
  });
  afterAll(async () => {
    await harness.close();
    await rm(directory, { recursive: true, force: true });
  });

  it("was killed each time, in the middle of its work", () => {
    expect(ended.map(({ signal }) => signal)).toEqual(ENDS.map(() => "SIGKILL"));
    expect(ended.map(({ flush }) => flush.includes("flushing"))).toEqual(ENDS.map((end) => end !== "at work"));
    expect(ended[ENDS.indexOf(0)]?.flush).toEqual(["flushing"]);
    expect(told.completed.size).toBeGreaterThan(ENDS.length);
    expect(told.tokens.size).toBeGreaterThan(told.completed.size);
  });

  it("replays every completion that was acknowledged, with its result", async () => {
    const wrong: string[] = [];
    for (const [key, { token, length }] of told.completed) {
      const { record } = narrow("replay", await subjectOf(harness, { key }).begin());
      const body = Buffer.from(record.result?.body ?? []);
      if (record.token !== token || !body.equals(resultOf(length).body ?? Buffer.alloc(0))) wrong.push(key);
    }
    expect(wrong).toEqual([]);
  });

  it("hands on every other address with a higher token than any it had, or replays what it was told last", async () => {
    const wrong: string[] = [];
    for (const [key, tokens] of told.tokens) {
      if (tokens.some((token, i) => token <= (tokens[i - 1] ?? 0n))) wrong.push(key);
      if (told.completed.has(key)) continue;
      const highest = tokens.at(-1) ?? 0n;
      const outcome = await subjectOf(harness, { key }).begin();
      if (outcome.kind === "started" && outcome.record.token > highest) continue;
      // Its completion reached the disk and its acknowledgement did not reach the caller.
      if (outcome.kind !== "replay" || outcome.record.token < highest) wrong.push(key);
    }
    expect(wrong).toEqual([]);
  });

  it("mints higher tokens than it ever did", async () => {
    const highest = [...told.tokens.values()].flat().reduce((a, b) => (a > b ? a : b));
    const { record } = await subjectOf(harness).start();
    expect(record.token).toBeGreaterThan(highest);
  });
});
