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
  /** The server had synced every write to disk before it answered. */
  readonly keepsAll: boolean;
  readonly runId: string;
}

export type MarkerKind = "voting" | "joining" | "first";

const MARKER = /^(voting|joining|first):(all|some):([0-9a-f]+):[\w-]+$/;

/** As it is stored; never the same text twice. */
export function markerText({ kind, keepsAll, runId }: Marker): string {
  return `${kind}:${keepsAll ? "all" : "some"}:${runId}:${uniqueId()}`;
}

/** Undefined for what is none of ours: like no marker, it proves nothing. */
export function parseMarker(text: string): Marker | undefined {
  const [, kind, keeps, runId = ""] = MARKER.exec(text) ?? [];
  if (kind === undefined) return undefined;
  return { kind: kind as MarkerKind, keepsAll: keeps === "all", runId }; // the pattern names the kinds
}
