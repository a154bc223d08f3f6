import { describe, expect, it } from "vitest";
import type { Sight } from "../../../src/store/redlock/inspect.ts";
import { judge, type Verdict, type View } from "../../../src/store/redlock/judge.ts";
import { type Marker, markerText, parseMarker } from "../../../src/store/redlock/marker.ts";

const WAIT_MS = 1000;
const RULES = { majority: 2, waitMs: WAIT_MS, hasServed: false, clockFloor: false, weakened: new Set<string>() };

let runs = 0;

interface Seen {
  readonly kind?: Marker["kind"];
  /** The marker is of an earlier run of the server. */
  readonly restarted?: boolean;
  readonly keepsAll?: boolean;
  /** What the marker says of it, where that differs. */
  readonly keeps?: Marker["keeps"];
  readonly generation?: string;
  readonly isMaster?: boolean;
  readonly seenForMs?: number;
  readonly ranForMs?: number;
  readonly isNew?: boolean;
}

function node(seen: Seen = {}): View {
  const { kind, restarted = false, keepsAll = false, keeps = keepsAll ? "all" : "some", generation = "g" } = seen;
  const { isMaster = true, seenForMs = 0, ranForMs = WAIT_MS, isNew = false } = seen;
  const runId = `a${++runs}`;
  const marker = kind === undefined ? undefined : { kind, keeps, runId: restarted ? "0" : runId, generation };
  const text = marker === undefined ? "" : markerText(marker);
  const about = { runId, isMaster, keepsAll, ranForMs, isNew, weakened: [], findings: [] };
  const sight: Sight = { ...about, text, marker: parseMarker(text) };
  return { sight, seenForMs };
}

const SILENT: View = { sight: undefined, seenForMs: 0 };
const VOTING = { kind: "voting" } as const;
const JOINED = { kind: "joining", seenForMs: WAIT_MS } as const;

/** In a word each. */
function words(views: readonly View[], parts: Partial<typeof RULES> = {}): string[] {
  const word = (verdict: Verdict) => (verdict.kind === "mark" ? `${verdict.as}, ${verdict.copy}` : verdict.kind);
  return judge(views, { ...RULES, ...parts }).map(word);
}

describe("who votes", () => {
  it("is begun together: all nodes are marked as new, and then as voting, with the counters of all", () => {
    expect(words([node(), node(), node()])).toEqual(["first, nothing", "first, nothing", "first, nothing"]);
    const first = { kind: "first" } as const;
    expect(words([node(first), node(), node(first)])).toEqual(["keep_out", "first, nothing", "keep_out"]);
    expect(words([node(first), node(first), node(first)])).toEqual(["voting, seen", "voting, seen", "voting, seen"]);
    expect(words([node(VOTING), node(first), SILENT])).toEqual(["vote", "voting, seen", "keep_out"]);
  });

  it("is not begun before all nodes answer, nor again once they have served", () => {
    expect(words([node(), node(), SILENT])).toEqual(["keep_out", "keep_out", "keep_out"]);
    expect(words([node(), node(), node()], { hasServed: true })).toEqual(["keep_out", "keep_out", "keep_out"]);
  });

  it("keeps out a node that may have lost data, until it has waited and a majority of others can teach it", () => {
    expect(words([node(VOTING), node(VOTING), node()])[2]).toBe("joining, nothing");
    expect(words([node(VOTING), node(VOTING), node({ ...VOTING, restarted: true })])[2]).toBe("joining, nothing");
    expect(words([node(VOTING), node(VOTING), node({ kind: "joining", seenForMs: WAIT_MS - 1 })])[2]).toBe("keep_out");
    expect(words([node(VOTING), node(VOTING), node(JOINED)])[2]).toBe("voting, voting");
    expect(words([node(VOTING), SILENT, node(JOINED)])[2]).toBe("keep_out");
    expect(words([node(VOTING), node(JOINED), node(JOINED)])).toEqual(["vote", "keep_out", "keep_out"]);
  });

  it("takes a node back at once that kept all its data, in its last run and in this one", () => {
    const kept = { ...VOTING, keepsAll: true, restarted: true };
    expect(words([node(kept), node(kept), node(kept)])).toEqual(Array(3).fill("voting, nothing"));
    const [view] = [node(kept)];
    const sometime: View = { ...view, seenForMs: 0, sight: { ...view!.sight!, keepsAll: false } };
    expect(words([sometime, node(VOTING), node(VOTING)])[0]).toBe("joining, nothing");
  });

  it("notes at once that a node keeps no longer all, and then does not take it back as one that did", () => {
    const weak = { ...VOTING, keeps: "all", keepsAll: false } as const;
    expect(words([node(weak), node(VOTING), node(VOTING)])[0]).toBe("voting, nothing");
    expect(words([node({ ...weak, keeps: "less" }), node(VOTING), node(VOTING)])[0]).toBe("vote");
    const restarted = { ...VOTING, keepsAll: true, restarted: true, generation: "g1" };
    const others = [node(VOTING), node(VOTING)] as const;
    expect(words([node({ ...restarted, keeps: "less" }), ...others])[0]).toBe("joining, nothing");
    // What it noted of itself may have been lost with the rest: then the others know.
    const weakened = new Set(["g1"]);
    expect(words([node(restarted), ...others], { weakened })[0]).toBe("joining, nothing");
    expect(words([node({ ...restarted, restarted: false }), ...others], { weakened })[0]).toBe("joining, nothing");
    expect(words([node({ ...restarted, generation: "g2" }), ...others], { weakened })[0]).toBe("voting, nothing");
  });

  it("waits before it begins nodes that may have been emptied, unless they ran for long or are said to be new", () => {
    const young = { ranForMs: WAIT_MS - 1 };
    expect(words([node(), node(), node(young)])).toEqual(Array(3).fill("keep_out"));
    expect(words([node(), node(), node({ ...young, seenForMs: WAIT_MS })])).toEqual(Array(3).fill("first, nothing"));
    expect(words([node(), node(), node({ ...young, isNew: true })])).toEqual(Array(3).fill("first, nothing"));
    const first = { ...young, kind: "first" } as const;
    expect(words([node(first), node(young), node(first)])[1]).toBe("keep_out");
    expect(words([node(first), node(first), node(first)])).toEqual(Array(3).fill("voting, seen"));
  });

  it("takes back a majority that lost its memory where clocks keep tokens rising, once all of it has waited", () => {
    const anew = { clockFloor: true, hasServed: true };
    expect(words([node(VOTING), node(JOINED), node(JOINED)], anew)).toEqual(["vote", "voting, seen", "voting, seen"]);
    const early = node({ kind: "joining", seenForMs: WAIT_MS - 1 });
    expect(words([node(VOTING), node(JOINED), early], anew)).toEqual(["vote", "keep_out", "keep_out"]);
    expect(words([node(VOTING), node(JOINED), SILENT], anew)).toEqual(["vote", "keep_out", "keep_out"]);
    expect(words([node(VOTING), node(JOINED), node(JOINED)])).toEqual(["vote", "keep_out", "keep_out"]);
  });

  it("begins anew where the clock keeps tokens rising, once every node has waited", () => {
    const anew = { clockFloor: true, hasServed: true };
    const waited = { seenForMs: WAIT_MS };
    expect(words([node(waited), node(JOINED), node(waited)], anew)).toEqual(Array(3).fill("first, nothing"));
    expect(words([node(waited), node(JOINED), node()], anew)).not.toContain("first, nothing");
    expect(words([node(waited), node(JOINED), SILENT], anew)).not.toContain("first, nothing");
  });

  it("counts neither a replica nor one server under two names", () => {
    expect(words([node(VOTING), node({ ...VOTING, isMaster: false }), node(VOTING)])[1]).toBe("keep_out");
    const one = node(VOTING);
    expect(words([one, { ...one }, node(VOTING)])).toEqual(["vote", "keep_out", "vote"]);
  });

  it("holds a marker for none of ours that is not written as ours are", () => {
    expect(parseMarker("voting:all:zz:x:y")).toBeUndefined();
    expect(parseMarker("voting:all:0af:x")).toBeUndefined();
    expect(parseMarker("")).toBeUndefined();
    const marker: Marker = { kind: "joining", keeps: "less", runId: "0af", generation: "x-_1" };
    expect(parseMarker(markerText(marker))).toEqual(marker);
    expect(markerText(marker)).not.toBe(markerText(marker));
  });
});
