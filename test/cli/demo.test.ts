import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FAULT_NAMES } from "../../src/cli/demo/faults.ts";
import { startCareless } from "./careless-sidecar.ts";
import { type Beside, type Ended, MAIN, onceward, startBeside } from "./process.ts";

/** Starts some fifty processes; on a busy two-core machine that can take a minute. */
const DEMO_TEST_MS = 150_000;

// biome-ignore lint/suspicious/noExplicitAny: what a command printed has no type; every test compares what it reads.
type Printed = any;

const asJson = ({ stdout }: Ended): Printed => JSON.parse(stdout);

describe("onceward demo", () => {
  let folder: string;
  let beside: Beside;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "onceward-demo-test-"));
    beside = await startBeside();
  });
  afterAll(async () => {
    await beside.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  /** Its own folder for temporary files, to see what it leaves behind. */
  const demo = (...args: readonly string[]) => onceward(["demo", ...args], { env: { TMPDIR: folder } });

  it(
    "runs every effect exactly once through every kind of fault, and puts everything away",
    async () => {
      const ended = await demo("--events", "12", "--seed", "7", "--json");
      expect(ended).toMatchObject({ code: 0, stderr: "" });
      const { runs, faults, sidecar, order } = asJson(ended);
      expect(order.runs["in-order"].problems).toEqual([]);
      expect(Object.keys(faults)).toEqual(FAULT_NAMES);
      expect(sidecar).toMatchObject({ own: true, crashes: 1 });

      expect(runs.onceward.problems).toEqual([]);
      expect(runs.onceward.file).toMatchObject({ effects: 12, once: 12, moreThanOnce: 0, never: 0, strange: 0 });
      expect(runs.onceward.faults).toEqual(faults);
      const { counts } = runs.onceward;
      for (const count of ["started", "taken-over", "replayed", "mismatched", "unresolved", "asked-there", "fenced"]) {
        expect(counts, count).toHaveProperty(count);
      }
      expect(counts).toMatchObject({ "settled-succeeded": 1, "settled-retry": 1 });

      expect(runs.unguarded.file).toMatchObject({ once: 0, moreThanOnce: 12, never: 0 });
      expect(runs["look-first"].file.moreThanOnce).toBeGreaterThan(0);
      expect(runs["mark-first"].file.never).toBe(2);
      for (const { sender } of Object.values<Printed>(runs)) expect(sender.unanswered).toBe(0);
      expect(readdirSync(folder)).toEqual([]);
    },
    DEMO_TEST_MS,
  );

  it(
    "runs twice against one running sidecar, and keeps the files when it is asked to",
    async () => {
      const args = [
        "--events",
        "12",
        "--copies",
        "2",
        "--clients",
        "3",
        "--address",
        beside.address,
        "--json",
        "--keep",
      ];
      const first = await demo(...args);
      const second = await demo(...args);
      for (const ended of [first, second]) {
        expect(ended).toMatchObject({ code: 0, stderr: "" });
        const { runs, sidecar, order, folder: kept } = asJson(ended);
        expect(order.runs["in-order"]).toMatchObject({ problems: [], file: { effects: 30, once: 30 } });
        expect(sidecar).toEqual({ address: beside.address, own: false, crashes: 0 });
        expect(runs.onceward.file).toMatchObject({ effects: 12, once: 12 });
        const text = readFileSync(join(kept, "onceward", "effects.log"), "utf8");
        expect(
          new Set(
            text
              .trimEnd()
              .split("\n")
              .map((line) => line.split(" ")[0]),
          ).size,
        ).toBe(12);
        rmSync(kept, { recursive: true });
      }
    },
    DEMO_TEST_MS,
  );

  it(
    "prints plain lines, a table and the verdict where nobody sits at a terminal",
    async () => {
      const { code, stdout } = await demo("--events", "12", "--clients", "3");
      expect(code).toBe(0);
      expect(stdout).not.toContain("\u001b");
      expect(stdout).toMatch(/^ {2}events that ran once +0 +\d+ +10 +12$/m);
      expect(stdout).toMatch(/^ {2}client killed after the effect +1 +1 +1 +1$/m);
      expect(stdout).toContain("With onceward each of the 12 events had its effect exactly once, by the file.");
      expect(stdout).toContain("With onceward the 30 shuffled events were applied in order, each exactly once.");
      expect(stdout).toMatch(/^ {4}.* killed after the effect .* took over, asked the ledger: there.* replayed/m);
    },
    DEMO_TEST_MS,
  );

  it(
    "stops at once when it is interrupted, and leaves nothing behind",
    async () => {
      const child = spawn(process.execPath, [MAIN, "demo"], { env: { ...process.env, TMPDIR: folder } });
      const [line] = await once(child.stdout, "data");
      expect(String(line)).toContain("200 real GitHub webhooks");
      await expect.poll(() => readdirSync(folder).length).toBe(1);
      child.stdout.resume();
      child.kill("SIGINT");
      const [code, signal] = await once(child, "exit");
      expect({ code, signal }).toEqual({ code: null, signal: "SIGINT" });
      expect(readdirSync(folder)).toEqual([]);
    },
    DEMO_TEST_MS,
  );

  it(
    "says NOT and exits 1 beside a sidecar that lets everybody start",
    async () => {
      const sidecar = await startCareless();
      try {
        const { code, stdout } = await demo("--events", "12", "--address", sidecar.address);
        expect(code).toBe(1);
        expect(stdout).toMatch(/^NOT exactly once with onceward: \d+ ran more than once; /m);
        expect(stdout).toMatch(/^NOT in order with onceward: .*\d+ effects came after a later one; /m);
        const kept = /^ {2}cut -d' ' -f1 (\S+\/onceward\/effects\.log)/m.exec(stdout)?.[1] ?? "";
        const events = readFileSync(kept, "utf8")
          .trimEnd()
          .split("\n")
          .map((line) => line.split(" ")[0]);
        expect(new Set(events).size).toBeLessThan(events.length);
      } finally {
        sidecar.stop();
        for (const kept of readdirSync(folder)) rmSync(join(folder, kept), { recursive: true });
      }
    },
    DEMO_TEST_MS,
  );

  it(
    "says so when no sidecar answers at the address",
    async () => {
      const { code, stderr } = await demo("--address", "127.0.0.1:1", "--events", "12");
      expect(code).toBe(69);
      expect(stderr).toMatch(/^onceward: no sidecar answers at 127\.0\.0\.1:1/);
      expect(readdirSync(folder)).toEqual([]);
    },
    DEMO_TEST_MS,
  );

  it(
    "plays one act alone when it is asked to",
    async () => {
      const ended = await demo("--act", "once", "--events", "12", "--clients", "3", "--json");
      expect(ended).toMatchObject({ code: 0, stderr: "" });
      const { order, runs } = asJson(ended);
      expect(order).toBeUndefined();
      expect(runs.onceward.problems).toEqual([]);
    },
    DEMO_TEST_MS,
  );

  it.each([
    [["--act", "third"], "once, order"],
    [["--events", "11"], "from 12 to 1000"],
    [["--clients", "2"], "from 3 to 32"],
    [["--seed", "x"], "from 0 to 4294967295"],
    [["--namespace", "A"], "lower-case"],
    [["--address", "nowhere"], "host:port"],
  ])("refuses %j", async (args, why) => {
    const { code, stderr } = await demo(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
  });
});
