import { type FencingToken, fencingToken } from "../../base/units.ts";
import { type ForceReleaseOutcome, LEASE_KNOWN_MS } from "../../domain/lease.ts";
import { FENCE_KEY, type Place } from "./keys.ts";
import type { LeaseNode } from "./node.ts";
import type { Quorum } from "./quorum.ts";
import { readAll } from "./read.ts";
import { highest, tagOf, tokenOf } from "./replies.ts";

/** Most proposals; each is beaten only by a lease in the same bucket that is being acquired. */
const PROPOSALS_MAX = 8;

interface Answer {
  /** Undefined once it has accepted. */
  readonly behind?: FencingToken;
  readonly wasHeld: boolean;
}

/**
 * Ends whoever's lease it is, and raises the fence above it: each node does both in one step, and a majority must. A
 * lease that is acquired meanwhile is ended too, or gets a higher token. The fence is raised even when nobody held it.
 */
export async function forceRelease(quorum: Quorum, place: Place): Promise<ForceReleaseOutcome> {
  const deadline = quorum.deadline();
  const known = await readAll(quorum, place);
  let wasHeld = false;
  let reached = highest(known.map(({ counter }) => counter));
  for (let round = 0; round < PROPOSALS_MAX && !deadline.isNear; round++) {
    const token = fencingToken(reached + 1n);
    const count = await quorum.countAll({
      ask: (node) => unseatOn(node, place, token),
      isFor: ({ behind }) => behind === undefined,
    });
    const answers = [...count.answers.values()];
    wasHeld ||= answers.some((answer) => answer.wasHeld);
    if (count.won && !deadline.isOver) return { kind: wasHeld ? "released" : "not_held" };
    quorum.assertMajority(count.answers);
    reached = highest([token, ...answers.map(({ behind }) => behind ?? token)]);
  }
  throw quorum.unavailable("the fence could not be raised in time");
}

async function unseatOn(node: LeaseNode, place: Place, token: FencingToken): Promise<Answer> {
  const { lock, index, ends, last, bucket, resource } = place;
  const keys = [lock, FENCE_KEY, index, ends, last];
  const reply = await node.ask("unseat", keys, [bucket, String(token), resource, LEASE_KNOWN_MS]);
  if (tagOf(reply) === "behind") return { behind: tokenOf(reply[1]), wasHeld: false };
  return { wasHeld: reply[1] === 1 };
}
