import { describe, expect, it } from "vitest";
import type { Sight } from "../../../src/store/redlock/inspect.ts";
import { judge, type Verdict, type View } from "../../../src/store/redlock/judge.ts";
import { type Marker, markerText, parseMarker } from "../../../src/store/redlock/marker.ts";

const WAIT_MS = 1000;
const RULES = { majority: 2, waitMs: WAIT_MS, hasServed: false, clockFloor: false };

let runs = 0;

interface Seen {
  readonly kind?: Marker["kind"];
  /** The marker is of an earlier run of the server. */
  readonly restarted?: boolean;
  readonly keepsAll?: boolean;
  readonly isMaster?: boolean;
  readonly seenForMs?: number;
}

function node({ kind, restarted = false, keepsAll = false, isMaster = true, seenForMs = 0 }: Seen = {}): View {
  const runId = `a${++runs}`;
  const marker = kind === undefined ? undefined : { kind, keepsAll, runId: restarted ? "0" : runId };
  const text = marker === undefined ? "" : markerText(marker);
  const sight: Sight = { runId, isMaster, keepsAll, text, marker: parseMarker(text), findings: [] };
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
    expect(parseMarker("voting:all:zz:x")).toBeUndefined();
    expect(parseMarker("")).toBeUndefined();
    const marker: Marker = { kind: "joining", keepsAll: true, runId: "0af" };
    expect(parseMarker(markerText(marker))).toEqual(marker);
    expect(markerText(marker)).not.toBe(markerText(marker));
  });
});
