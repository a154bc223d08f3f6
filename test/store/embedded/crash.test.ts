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
/** How each round ends: killed at work, or as it puts what is in memory into files before it stops. */
const ENDS = ["at work", "at work", "closing", "at work", "closing", "at work", "closing", "closing"] as const;
/** Longest that a round's load runs before it ends, ms. */
const LOAD_MS_MAX = 600;
/** Longest that it may flush before it is killed, ms: a flush of megabytes takes longer. */
const FLUSH_MS_MAX = 20;
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
  /** Where in the time there is for it, 0 to 1. */
  readonly when: number;
}

/** Runs the load of one round and kills it; the instants are counted from what it says. */
async function runAndKill(directory: string, { number, end, when }: Round, told: Acknowledged): Promise<string> {
  const child = spawn(process.execPath, [LOAD, directory, String(number)], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  const kill = () => child.kill("SIGKILL");
  let heard = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!heard) setTimeout(() => child.kill(end === "closing" ? "SIGTERM" : "SIGKILL"), when * LOAD_MS_MAX);
    heard = true;
    const [what, key = "", token = "", length, mark] = line.split(" ");
    if (mark === undefined) continue; // cut short by the kill: it was not said
    if (what === "flushing") setTimeout(kill, when * FLUSH_MS_MAX);
    else if (what === "begun") told.tokens.set(key, [...(told.tokens.get(key) ?? []), BigInt(token)]);
    else if (what === "completed") told.completed.set(key, { token: BigInt(token), length: Number(length) });
  }
  const [, signal] = await ended;
  return String(signal);
}

describe(`an embedded store whose process is killed, at work and while it closes, seed ${SEED}`, () => {
  const told: Acknowledged = { tokens: new Map(), completed: new Map() };
  const signals: string[] = [];
  let directory = "";
  let harness: EmbeddedHarness;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "onceward-crash-"));
    let random = SEED;
    for (const [number, end] of ENDS.entries()) {
      random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
      signals.push(await runAndKill(directory, { number, end, when: random / 2 ** 31 }, told));
    }
    // The leases of what was running when it was killed have lapsed by then.
    harness = await openEmbedded({ directory, fromUs: (Date.now() + MINUTE) * 1000 });
  });
  afterAll(async () => {
    await harness.close();
    await rm(directory, { recursive: true, force: true });
  });

  it("was killed each time, in the middle of its work", () => {
    expect(signals).toEqual(ENDS.map(() => "SIGKILL"));
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
