/**
 * Who votes. Redlock's own answer to a node that restarts without its data is to keep it out for the longest lease
 * (redis.io, "Distributed Locks with Redis"); that repairs locks, but not the fence, which has no time to live. So a
 * node comes back in three steps: it waits until no lease and no call can hang on what it forgot; it takes over the
 * counters of a majority, one of which has seen every token that was ever finished (the read of ABD); it is marked.
 *
 * The invariant behind it: for every finished token, fewer than a majority of the voting nodes lie below it.
 */
import type { Sight } from "./inspect.ts";
import type { MarkerKind } from "./marker.ts";

export interface View {
  /** Undefined while the node gives no answer. */
  readonly sight: Sight | undefined;
  /** How long it has been seen just so, ms. */
  readonly seenForMs: number;
}

export interface Circumstances {
  /** More than half of all nodes. */
  readonly majority: number;
  /** No lease and no call lasts longer, ms. */
  readonly waitMs: number;
  /** Generations of nodes that kept all once, and then no longer, as far as anybody knows. */
  readonly weakened: ReadonlySet<string>;
  /** This process has seen the nodes serve: nodes that are empty now have lost what they knew. */
  readonly hasServed: boolean;
  /** Tokens are at least the nodes' time, so that they rise even when all is lost. */
  readonly clockFloor: boolean;
}

export type Verdict =
  | { readonly kind: "vote" }
  /** It must not vote, and nothing is to be done now. */
  | { readonly kind: "keep_out"; readonly reason: string }
  /**
   * Its marker is to be replaced. `copy`: the counters to take over first, from a majority of other nodes that vote,
   * or from every node that is seen.
   */
  | {
      readonly kind: "mark";
      readonly as: MarkerKind;
      readonly copy: "nothing" | "voting" | "seen";
      readonly reason: string;
    };

/** What to do to begin anew where too much was lost to go on. */
const BEGIN_ANEW =
  "to begin anew, stop every sidecar for the longest lease, delete onceward:lease:marker on every lease node, start";

type Standing = "unseen" | "replica" | "twin" | "unmarked" | "first" | Marked;
/** `weak`: it votes, and keeps no longer all, as its marker still says. */
type Marked = "voting" | "weak" | "kept" | "lost" | "joining";

const MARKED: ReadonlySet<Standing> = new Set<Marked>(["voting", "weak", "kept", "lost", "joining"]);

/** One verdict a node, in the same order. */
export function judge(views: readonly View[], circumstances: Circumstances): Verdict[] {
  const standings = views.map((view, n) => (isTwin(views, n) ? "twin" : standingOf(view, circumstances)));
  const beginsAnew = mayBeginAnew(views, standings, circumstances);
  const heals = mayHeal(views, standings, circumstances);
  return views.map((view, n) => judgeOne(view, n, { standings, beginsAnew, heals, ...circumstances }));
}

/** Two names of one server. */
function isTwin(views: readonly View[], n: number): boolean {
  const runId = views[n]?.sight?.runId;
  return runId !== undefined && views.findIndex(({ sight }) => sight?.runId === runId) < n;
}

function standingOf({ sight }: View, { weakened }: Circumstances): Standing {
  if (sight === undefined) return "unseen";
  if (!sight.isMaster) return "replica";
  const { marker, keepsAll, runId } = sight;
  if (marker === undefined) return "unmarked";
  // Its disk was behind, and so may be what it says of itself now.
  const kept = marker.keeps === "all" && !weakened.has(marker.generation);
  if (marker.runId === runId) {
    if (marker.kind !== "voting" || marker.keeps !== "all") return marker.kind;
    if (!kept) return "lost";
    return keepsAll ? "voting" : "weak";
  }
  if (marker.kind === "first") return "unmarked"; // it never voted
  return marker.kind === "voting" && kept && keepsAll ? "kept" : "lost";
}

/**
 * Nothing is left that a token could be compared with: either there never was, or only the clock can help. A node that
 * was emptied looks like a new one, so a new one waits as well: until no lease can be left of what it may have been.
 */
function mayBeginAnew(views: readonly View[], standings: readonly Standing[], of: Circumstances): boolean {
  const isNew = (standing: Standing) => standing === "unmarked" || standing === "first";
  const waited = (n: number) => standings[n] === "first" || (views[n]?.seenForMs ?? 0) >= of.waitMs;
  const cannotHold = (n: number) => waited(n) || mayBeNew(views[n]?.sight, of);
  if (!of.hasServed && standings.every((standing, n) => isNew(standing) && cannotHold(n))) return true;
  return of.clockFloor && standings.every((standing, n) => (isNew(standing) || standing === "joining") && waited(n));
}

/** It is said to be, or runs for longer than any lease without one of ours. */
function mayBeNew(sight: Sight | undefined, { waitMs }: Circumstances): boolean {
  return sight !== undefined && (sight.isNew || sight.ranForMs >= waitMs);
}

/** Too few are left to learn from, all others have waited, and the clock keeps tokens rising that nobody remembers. */
function mayHeal(views: readonly View[], standings: readonly Standing[], of: Circumstances): boolean {
  const hasWaited = (n: number) => standings[n] === "joining" && (views[n]?.seenForMs ?? 0) >= of.waitMs;
  return of.clockFloor && standings.every((standing, n) => standing === "voting" || hasWaited(n));
}

interface Whole extends Circumstances {
  readonly standings: readonly Standing[];
  readonly beginsAnew: boolean;
  readonly heals: boolean;
}

function judgeOne({ sight, seenForMs }: View, n: number, whole: Whole): Verdict {
  const { standings, beginsAnew, heals, majority, waitMs, hasServed } = whole;
  const standing = standings[n] ?? "unseen";
  const has = (what: Standing) => standings.filter((one) => one === what).length;
  const keepOut = (reason: string): Verdict => ({ kind: "keep_out", reason });
  const mark = (as: MarkerKind, copy: "nothing" | "voting" | "seen", reason: string): Verdict => {
    return { kind: "mark", as, copy, reason };
  };
  if (standing === "unseen") return keepOut("it gives no answer");
  if (standing === "replica") return keepOut("it is not a master");
  if (standing === "twin") return keepOut("it is the same server as another lease node");
  if (standing === "voting") return { kind: "vote" };
  if (standing === "weak") return mark("voting", "nothing", "it no longer syncs every write to disk");
  if (standing === "kept") return mark("voting", "nothing", "it was restarted with all its data");
  if (standing === "first" && (has("first") === standings.length || has("voting") > 0)) {
    return mark("voting", "seen", "every node is new");
  }
  if (beginsAnew)
    return standing === "first" ? keepOut("the others are marked") : mark("first", "nothing", "it is new");
  if (standing === "lost") return mark("joining", "nothing", "it was restarted, and may have lost data");
  if (standing === "unmarked" || standing === "first") {
    if (standings.some((one) => MARKED.has(one))) {
      return mark("joining", "nothing", "it is empty beside nodes that are not");
    }
    if (hasServed) return keepOut(`all nodes have lost their data; ${BEGIN_ANEW}`);
    if (has("unmarked") + has("first") < standings.length) return keepOut("it is new, and not all nodes answer");
    const left = secondsOf(waitMs - Math.max(seenForMs, sight?.ranForMs ?? 0));
    return keepOut(left === 0 ? "the others have not waited yet" : `it may have been emptied, and begins in ${left} s`);
  }
  if (seenForMs < waitMs) {
    return keepOut(`it may have lost data, and joins in ${secondsOf(waitMs - seenForMs)} s`);
  }
  if (has("voting") >= majority) return mark("voting", "voting", "it has waited, and takes over the counters");
  if (heals) return mark("voting", "seen", "too few remember, all others have waited, and the clock goes on");
  const hint = has("joining") + has("lost") + has("unmarked") >= majority ? `; ${BEGIN_ANEW}` : "";
  return keepOut(`it may have lost data, and fewer than ${majority} nodes vote that it could learn from${hint}`);
}

function secondsOf(ms: number): number {
  return Math.max(0, Math.ceil(ms / 1000));
}
