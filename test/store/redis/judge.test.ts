import { describe, expect, it } from "vitest";
import { epochMs } from "../../../src/base/units.ts";
import type { Finding, ServerFacts } from "../../../src/store/redis/inspect.ts";
import { judge, type Memory, type Situation } from "../../../src/store/redis/judge.ts";
import type { Sight } from "../../../src/store/redis/look.ts";

const NOW = epochMs(1_800_000_000_000);
const OURS = { kind: "ours" as const, generation: "one", accepted: false, tableWon: true };
const CLAIMED: Sight = { ...OURS, tableWon: false };
const EMPTY: Sight = { kind: "empty" };
const UNSEEN: Sight = { kind: "unseen" };
const PARTIAL: Sight = { kind: "partial", what: "3 of 4096 slot headers are gone", tableWon: true };
const FOREIGN: Sight = { kind: "foreign", what: "it is stamped for the table of x, y" };
const SINCE = epochMs(NOW - 90_000);
const UNKNOWN = epochMs(0);
const MEMORY: Memory = {
  generation: "one",
  runId: "r1",
  persistence: "aof_always",
  snapshotAt: epochMs(NOW - 600_000),
  seenAt: epochMs(NOW - 5000),
  seenAgoMs: 5000,
};
const RESTARTED = { runId: "r2", uptimeMs: 1000 };
const FACTS: ServerFacts = {
  runId: "r1",
  uptimeMs: 60_000,
  version: "7.2.0",
  role: "master",
  maxmemoryPolicy: "noeviction",
  persistence: "aof_always",
  snapshotAt: epochMs(0),
  removed: { expired: 0, evicted: 0 },
};

const told = (what: RegExp, from = UNKNOWN) => ({ what: expect.stringMatching(what), from });

interface Parts extends Partial<Omit<Situation, "look">> {
  readonly sight?: Sight;
  readonly facts?: Partial<ServerFacts>;
  readonly findings?: readonly Finding[];
  readonly acceptLoss?: boolean;
}

function verdict(parts: Parts) {
  const { sight = OURS, facts, findings = [], acceptLoss = false, ...rest } = parts;
  return judge({
    look: { sight, facts: { ...FACTS, ...facts }, findings, acceptLoss },
    memory: undefined,
    fellBack: { slots: 0, since: UNKNOWN },
    others: [],
    before: [],
    stillEmpty: false,
    strict: false,
    ...rest,
  });
}

describe("a shard that carries our stamp, whole", () => {
  it.each([
    ["alone", []],
    ["beside shards that nobody has seen yet", [UNSEEN, UNSEEN]],
    ["beside an empty one", [EMPTY]],
  ])("is served %s", (_where, others) => {
    expect(verdict({ others })).toEqual({ kind: "serve", loss: undefined });
    expect(verdict({ others, memory: MEMORY })).toEqual({ kind: "serve", loss: undefined });
  });

  it("is served with a loss when another sidecar has stamped it anew", () => {
    const sight: Sight = { ...OURS, generation: "two" };
    expect(verdict({ sight, memory: MEMORY })).toMatchObject({ kind: "serve", loss: told(/another sidecar/) });
  });

  it("is stamped anew, with a loss, when tokens that were given out are not in it", () => {
    expect(verdict({ memory: MEMORY, fellBack: { slots: 2, since: SINCE } })).toMatchObject({
      kind: "stamp",
      loss: told(/last token of 2 slots/, SINCE),
    });
  });

  it("is served as before after its server restarted with a log of every write", () => {
    const facts = { runId: "r2", uptimeMs: 1000 };
    expect(verdict({ memory: MEMORY, facts })).toEqual({ kind: "serve", loss: undefined });
  });

  it.each(["snapshots", "none"] as const)("is served with a loss after a restart from %s", (persistence) => {
    const facts = { runId: "r2", uptimeMs: 1000 };
    expect(verdict({ memory: { ...MEMORY, persistence }, facts })).toMatchObject({
      kind: "serve",
      loss: told(/snapshot/, MEMORY.snapshotAt),
    });
  });

  it.each([
    ["aof_everysec", 2000],
    ["aof_no", 60_000],
    ["aof_unknown", 60_000],
  ] as const)("is served with a gap of its tail after a restart with %s", (persistence, ms) => {
    const loss = told(/log is not synced/, epochMs(MEMORY.seenAt - ms));
    const memory: Memory = { ...MEMORY, persistence };
    for (const strict of [false, true]) {
      expect(verdict({ memory, facts: RESTARTED, strict })).toEqual({ kind: "serve", loss });
    }
  });

  it("is served after a restart whatever the wall clock did meanwhile", () => {
    const memory: Memory = { ...MEMORY, seenAt: epochMs(NOW + 3_600_000) };
    expect(verdict({ memory, facts: RESTARTED })).toEqual({ kind: "serve", loss: undefined });
  });

  it("is served once all others carry the stamp too, where no table was won yet", () => {
    expect(verdict({ sight: CLAIMED })).toEqual({ kind: "win", loss: undefined });
    expect(verdict({ sight: CLAIMED, others: [CLAIMED, CLAIMED] }).kind).toBe("win");
    expect(verdict({ sight: CLAIMED, others: [OURS, UNSEEN] }).kind).toBe("win");
    for (const other of [EMPTY, UNSEEN, FOREIGN]) {
      expect(verdict({ sight: CLAIMED, others: [CLAIMED, other] }).kind).toBe("wait");
    }
  });

  it("is stamped anew, with a loss, when a server that ran all the while answers in its place", () => {
    const facts = { runId: "r2", uptimeMs: 3_600_000 };
    expect(verdict({ memory: MEMORY, facts })).toMatchObject({ kind: "stamp", loss: told(/another server/) });
  });
});

describe("an empty shard", () => {
  it("waits while some shard of the table has not been seen, which may be another table's", () => {
    expect(verdict({ sight: EMPTY, others: [EMPTY, UNSEEN] })).toMatchObject({ kind: "wait", soon: false });
  });

  it("is claimed, in the order of names, once the whole table has been seen unused", () => {
    expect(verdict({ sight: EMPTY })).toEqual({ kind: "claim" });
    expect(verdict({ sight: EMPTY, others: [CLAIMED, EMPTY], before: [CLAIMED] }).kind).toBe("claim");
    expect(verdict({ sight: EMPTY, others: [EMPTY, CLAIMED], before: [EMPTY] }).kind).toBe("wait");
    expect(verdict({ sight: EMPTY, others: [CLAIMED, UNSEEN], before: [CLAIMED] }).kind).toBe("wait");
  });

  it.each([OURS, PARTIAL])("beside a stamped one is looked at twice, then stamped with a loss", (other) => {
    expect(verdict({ sight: EMPTY, others: [other] })).toMatchObject({ kind: "wait", soon: true });
    const second = verdict({ sight: EMPTY, others: [other], stillEmpty: true });
    expect(second).toMatchObject({ kind: "stamp", loss: told(/empty beside/) });
  });

  it("that this process has served is stamped anew with a loss, whatever the others say", () => {
    for (const others of [[], [UNSEEN], [EMPTY], [OURS]]) {
      expect(verdict({ sight: EMPTY, memory: MEMORY, others })).toMatchObject({
        kind: "stamp",
        loss: told(/all its data/),
      });
    }
  });
});

describe("a shard that is not whole", () => {
  it("is stamped anew with a loss", () => {
    expect(verdict({ sight: PARTIAL })).toMatchObject({
      kind: "stamp",
      loss: told(/3 of 4096 slot headers are gone/),
      tableWon: true,
    });
  });
});

describe("another stamp", () => {
  it("is refused, and the reason says whose it is", () => {
    expect(verdict({ sight: FOREIGN })).toEqual({ kind: "refuse", reason: "it is stamped for the table of x, y" });
  });

  it.each([EMPTY, PARTIAL])("on one shard keeps the others from being stamped", (sight) => {
    expect(verdict({ sight, others: [FOREIGN], memory: MEMORY }).kind).toBe("wait");
  });
});

describe("a strict sidecar", () => {
  const loss = { sight: EMPTY, memory: MEMORY, strict: true };

  it("refuses after a loss, and says how to go on", () => {
    expect(verdict(loss)).toMatchObject({ kind: "refuse", reason: /SET onceward:accept-loss yes/ });
    expect(verdict({ memory: MEMORY, fellBack: { slots: 1, since: SINCE }, strict: true }).kind).toBe("refuse");
    expect(verdict({ sight: { ...OURS, generation: "two" }, memory: MEMORY, strict: true }).kind).toBe("refuse");
  });

  it("goes on once an operator has accepted it, here or through another sidecar", () => {
    expect(verdict({ ...loss, acceptLoss: true })).toMatchObject({ kind: "stamp", loss: told(/all its data/) });
    const sight: Sight = { kind: "ours", generation: "two", accepted: true, tableWon: true };
    expect(verdict({ sight, memory: MEMORY, strict: true })).toMatchObject({
      kind: "serve",
      loss: told(/another sidecar/),
    });
  });

  it("does not take an acceptance of long ago for one of a loss of today", () => {
    const sight: Sight = { ...OURS, accepted: true };
    expect(verdict({ sight, memory: MEMORY, fellBack: { slots: 1, since: SINCE }, strict: true }).kind).toBe("refuse");
  });

  it("serves after a restart that may have lost a moment, which is only told", () => {
    const memory: Memory = { ...MEMORY, persistence: "snapshots" };
    expect(verdict({ memory, facts: { runId: "r2", uptimeMs: 1000 }, strict: true }).kind).toBe("serve");
  });

  it("refuses what an inspection finds, but for a clock that is off", () => {
    const finding: Finding = { code: "NO_PERSISTENCE", message: "no AOF" };
    expect(verdict({ strict: true, findings: [finding] })).toMatchObject({ kind: "refuse", reason: /no AOF/ });
    expect(verdict({ strict: true, findings: [{ ...finding, code: "CLOCK_SKEW" }] }).kind).toBe("serve");
    expect(verdict({ findings: [finding] }).kind).toBe("serve");
  });

  it("stamps a new table like any other", () => {
    expect(verdict({ sight: EMPTY, strict: true })).toEqual({ kind: "claim" });
  });
});
