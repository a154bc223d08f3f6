import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lineOf } from "../../src/cli/demo/ledger.ts";
import { LIVES, lifeEvents, REPOSITORY } from "../../src/cli/demo/lives.ts";
import { checkMirror, mirrorOf, wrongFields } from "../../src/cli/demo/mirror.ts";
import { makeOrderPlan, type PlacedEvent, placedEvents } from "../../src/cli/demo/order-plan.ts";
import { loadPayloads } from "../../src/cli/demo/payloads.ts";
import { type Ended, onceward } from "./process.ts";

/** Starts a dozen processes; on a busy two-core machine that can take a while. */
const ACT_TEST_MS = 120_000;
const SEEDS = Array.from({ length: 50 }, (_, seed) => seed);

const PAYLOADS = loadPayloads();
const PLAN = makeOrderPlan({ seed: 7, payloads: PAYLOADS });
const EVENTS = placedEvents(PLAN, PAYLOADS);

/** What a plan delivers, in its order: the late ones after all others. */
function arrivals(seed: number): PlacedEvent[] {
  const { deliveries } = makeOrderPlan({ seed, payloads: PAYLOADS });
  const [late = [], punctual = []] = [true, false].map((is) => deliveries.filter((one) => one.late === is));
  return [...punctual, ...late].flatMap(({ event }) => EVENTS[event] ?? []);
}

/** What is left of arrivals when everything is skipped that is not above what came before it. */
function skippingOlder(events: readonly PlacedEvent[]): PlacedEvent[] {
  const noted = new Map<string, number>();
  return events.filter(({ place: { stream, number } }) => {
    if (number <= (noted.get(stream) ?? 0)) return false;
    noted.set(stream, number);
    return true;
  });
}

describe("the lives of the demo's issues", () => {
  it("are told by real events of one repository, each a payload of its own", () => {
    const events = lifeEvents(PAYLOADS);
    expect(new Set(events.map(({ payload }) => payload)).size).toBe(events.length);
    for (const { life, number, payload } of events) {
      expect(PAYLOADS[payload]).toMatchObject({ name: life.events[number - 1], about: REPOSITORY });
    }
  });

  it("are numbered from 1 without a gap, one stream each, and another in every demo", () => {
    const streams = Map.groupBy(EVENTS, ({ place }) => place.stream);
    expect([...streams.values()].map((events) => events.map(({ place }) => place.number))).toEqual(
      LIVES.map(({ events }) => events.map((_, before) => before + 1)),
    );
    expect(placedEvents(PLAN, PAYLOADS)[0]?.place.stream).not.toBe(EVENTS[0]?.place.stream);
  });
});

describe("the plan of the act about order", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(makeOrderPlan({ seed: 7, payloads: PAYLOADS })).toEqual(PLAN);
    expect(makeOrderPlan({ seed: 8, payloads: PAYLOADS }).deliveries).not.toEqual(PLAN.deliveries);
  });

  it("delivers every event, some twice, and kills a client in the middle of each life", () => {
    expect(new Set(PLAN.deliveries.map(({ event }) => event)).size).toBe(EVENTS.length);
    expect(PLAN.deliveries.length).toBeGreaterThan(EVENTS.length);
    expect(PLAN.events.flatMap(({ fault }) => fault ?? [])).toEqual(["killed-before", "killed-after"]);
  });

  it("leaves both ways without a sidecar no chance to end right, whatever the seed", () => {
    const right = mirrorOf(EVENTS);
    for (const seed of SEEDS) {
      const arrived = arrivals(seed);
      expect(wrongFields(mirrorOf(arrived), right), `seed ${seed}`).toEqual(
        expect.arrayContaining([
          "pull request #2 reads open, should be closed",
          'label "bug" of issue #1 reads not set, should be set',
        ]),
      );
      expect(wrongFields(mirrorOf(skippingOlder(arrived)), right), `seed ${seed}`).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^pin of issue #1 reads (nothing|pinned), should be unpinned$/),
          expect.stringMatching(/^lock of pull request #2 reads (nothing|locked), should be unlocked$/),
        ]),
      );
    }
  });
});

describe("reading the mirror's log", () => {
  const line = ({ id, payload, digest }: PlacedEvent, token = "-") =>
    lineOf({ event: id, name: payload.name, about: payload.about, digest, token, pid: 1 });

  it("finds nothing wrong where all was applied in order, the lives mixed", () => {
    const mixed = EVENTS.toSorted((a, b) => a.place.number - b.place.number);
    const text = mixed.map((event, index) => line(event, String(index + 1))).join("");
    expect(checkMirror(text, EVENTS)).toEqual({ overtaken: 0, tokensNotRisen: 0, fields: 11, wrong: [] });
  });

  it("finds an event that came after a later one, and what it left behind", () => {
    const [others, reopened] = [false, true].map((is) =>
      EVENTS.filter(({ payload }) => (payload.name === "pull_request.reopened") === is),
    );
    const text = [others, reopened].map((events) => events?.map((event) => line(event)).join("")).join("");
    expect(checkMirror(text, EVENTS)).toMatchObject({
      overtaken: 1,
      wrong: ["pull request #2 reads open, should be closed"],
    });
  });

  it("finds a token that does not rise, and fields that nobody has written", () => {
    const [first, second] = EVENTS;
    if (first === undefined || second === undefined) throw new Error("no events");
    const check = checkMirror(line(first, "9007199254740993") + line(second, "9007199254740992"), EVENTS);
    expect(check).toMatchObject({ overtaken: 0, tokensNotRisen: 1 });
    expect(check.wrong).toContain("pull request #2 reads nothing, should be closed");
  });
});

describe("onceward demo --act order", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "onceward-demo-order-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const act = (...args: readonly string[]) =>
    onceward(["demo", "--act", "order", ...args], { env: { TMPDIR: folder } });
  // biome-ignore lint/suspicious/noExplicitAny: what a command printed has no type; every test compares what it reads.
  const asJson = ({ stdout }: Ended): any => JSON.parse(stdout);

  it(
    "applies shuffled events in order, past two killed clients, where both other ways end wrong",
    async () => {
      const ended = await act("--seed", "7", "--clients", "3", "--json");
      expect(ended).toMatchObject({ code: 0, stderr: "" });
      const { order, runs } = asJson(ended);
      expect(runs).toBeUndefined();
      const { "as-they-come": asTheyCome, "skip-older": skipOlder, "in-order": inOrder } = order.runs;

      expect(inOrder.problems).toEqual([]);
      expect(inOrder.file).toMatchObject({ effects: 30, once: 30, moreThanOnce: 0, never: 0 });
      expect(inOrder.mirror).toEqual({ overtaken: 0, tokensNotRisen: 0, fields: 11, wrong: [] });
      expect(inOrder.faults).toEqual({ "killed-before": 1, "killed-after": 1 });
      // A busy machine may take more attempts for longer than their lease.
      expect(inOrder.counts["taken-over"]).toBeGreaterThanOrEqual(2);
      expect(inOrder.counts.gap).toBeGreaterThan(0);
      expect(inOrder.counts.replayed).toBeGreaterThan(0);

      expect(asTheyCome.mirror.overtaken).toBeGreaterThan(0);
      expect(asTheyCome.mirror.wrong).toContain("pull request #2 reads open, should be closed");
      expect(skipOlder.file.never).toBeGreaterThanOrEqual(4);
      expect(skipOlder.mirror.wrong.join()).toContain("pin of issue #1");
      expect(readdirSync(folder)).toEqual([]);
    },
    ACT_TEST_MS,
  );

  it(
    "lets the late events out last, so that the failure of the other ways is no luck",
    async () => {
      const ended = await act("--seed", "8", "--clients", "3", "--json", "--keep");
      const log = readFileSync(join(asJson(ended).folder, "as-they-come", "effects.log"), "utf8");
      const names = log
        .trimEnd()
        .split("\n")
        .map((line) => line.split(" ")[1]);
      const late = LIVES.flatMap(({ events, late }) => late.map((number) => events[number - 1]));
      const isLate = names.map((name) => late.includes(name));
      expect(isLate.slice(isLate.indexOf(true))).not.toContain(false);
      expect(new Set(names.slice(isLate.indexOf(true))).size).toBe(late.length);
      for (const kept of readdirSync(folder)) rmSync(join(folder, kept), { recursive: true });
    },
    ACT_TEST_MS,
  );

  it(
    "tells what happened to the killed clients' events, and closes with its own verdict alone",
    async () => {
      const { code, stdout } = await act("--clients", "3");
      expect(code).toBe(0);
      expect(stdout).toMatch(/^ {4}issues\.unlocked, number 6 of issue #1: .*killed before the effect .*took over/m);
      expect(stdout).toMatch(/^ {2}not its turn \(GAP\), handed back +– +– +\d+$/m);
      expect(stdout).toContain("With onceward the 30 shuffled events were applied in order, each exactly once.");
      expect(stdout).toMatch(/^ {2}"as they come" applied \d+ after a later one .*#2 reads open, should be closed/m);
      expect(stdout).not.toContain("had its effect exactly once");
    },
    ACT_TEST_MS,
  );
});
