import { describe, expect, it } from "vitest";
import { CallTally } from "../../src/telemetry/tally.ts";

describe("the tally", () => {
  it("counts calls by namespace and outcome, and tells those that happened", () => {
    const tally = new CallTally();
    for (const outcome of ["started", "started", "replay"] as const) tally.count("payments", "Begin", outcome);
    tally.count("mail", "Complete", "fenced");
    expect([...tally.calls()]).toEqual([
      { namespace: "payments", call: "Begin", outcome: "started", count: 2 },
      { namespace: "payments", call: "Begin", outcome: "replay", count: 1 },
      { namespace: "mail", call: "Complete", outcome: "fenced", count: 1 },
    ]);
  });

  it("tells the other outcomes of a call that was made at 0, so that a first one is seen as a rise", () => {
    const tally = new CallTally();
    tally.count("mail", "LeaseAcquire", "acquired");
    expect([...tally.calls({ unheard: true })]).toEqual([
      { namespace: "mail", call: "LeaseAcquire", outcome: "acquired", count: 1 },
      { namespace: "mail", call: "LeaseAcquire", outcome: "busy", count: 0 },
    ]);
  });

  it("counts attempts by their number, the high ones together", () => {
    const tally = new CallTally();
    for (const attempt of [1, 1, 5, 6, 10, 11, 4000]) tally.countStart("mail", attempt);
    const starts = [...tally.starts()].filter(({ count }) => count > 0);
    expect(starts.map(({ attempt, count }) => [attempt, count])).toEqual([
      ["1", 2],
      ["5", 1],
      ["6-10", 2],
      ["11+", 2],
    ]);
  });

  it("counts what is notable by namespace, and errors by reason", () => {
    const tally = new CallTally();
    tally.countNotable("mail", "takeover");
    tally.countNotable("payments", "takeover");
    tally.countError("OVERLOADED");
    expect(tally.notable("takeover")).toBe(2);
    expect([...tally.notables()].filter(({ count }) => count > 0).map(({ namespace }) => namespace)).toEqual([
      "mail",
      "payments",
    ]);
    expect([...tally.errors()]).toEqual([["OVERLOADED", 1]]);
  });

  it("does not grow with the number of namespaces that callers make up", () => {
    const tally = new CallTally();
    for (let count = 0; count < 1000; count++) tally.count(`ns-${count}`, "Begin", "started");
    const counts = [...tally.calls()];
    expect(counts.length).toBe(101);
    expect(counts.find(({ namespace }) => namespace === "(other)")?.count).toBe(900);
    expect(tally.namespaces()).toHaveLength(100);
    expect(tally.nameOf("ns-5")).toBe("ns-5");
    expect(tally.nameOf("ns-500")).toBe("(other)");
  });
});
