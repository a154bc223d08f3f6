import { uniqueId } from "../../base/random.ts";

/**
 * What was found out about one run of one node's server, stored in the node itself: Redlock's votes and the fence both
 * rest on nodes that remember, and a server that came back without its data answers like any other. Every script of a
 * lease compares the whole text, so that a restart, a flush or an older snapshot stops the node's votes at once.
 *
 * `voting`: it knows all it must. `joining`: it may have forgotten something, and votes again once nothing hangs on
 * that. `first`: it was found without a marker when every other node was, too.
 */
export interface Marker {
  readonly kind: MarkerKind;
  /**
   * `all`: the server syncs every write to disk before it answers. `some`: it never did in this generation. `less`: it
   * did, and then no longer; what is on its disk may be of any time since.
   */
  readonly keeps: "all" | "some" | "less";
  readonly runId: string;
  /** Stays from mark to mark as long as the node has forgotten nothing. */
  readonly generation: string;
}

export type MarkerKind = "voting" | "joining" | "first";

const MARKER = /^(voting|joining|first):(all|some|less):([0-9a-f]+):([\w-]+):[\w-]+$/;

/** As it is stored; never the same text twice. */
export function markerText({ kind, keeps, runId, generation }: Marker): string {
  return `${kind}:${keeps}:${runId}:${generation}:${uniqueId()}`;
}

/** Undefined for what is none of ours: like no marker, it proves nothing. */
export function parseMarker(text: string): Marker | undefined {
  const [, kind, keeps, runId = "", generation = ""] = MARKER.exec(text) ?? [];
  if (kind === undefined) return undefined;
  return { kind: kind as MarkerKind, keeps: keeps as Marker["keeps"], runId, generation }; // the pattern names them
}

/** What a node is marked as next, as it stands now. `before`: the marker of one that has forgotten nothing since. */
export function markerAfter(
  before: Marker | undefined,
  { keepsAll, ...now }: Pick<Marker, "kind" | "runId"> & { readonly keepsAll: boolean },
): string {
  const generation = before?.generation ?? uniqueId();
  const kept = before !== undefined && before.keeps !== "some";
  return markerText({ ...now, generation, keeps: keepsAll ? "all" : kept ? "less" : "some" });
}
