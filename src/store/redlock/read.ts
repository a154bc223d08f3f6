import { epochMs, type FencingToken } from "../../base/units.ts";
import type { CheckFenceOutcome, HeldLease } from "../../domain/lease.ts";
import { FENCE_KEY, FORGOTTEN_KEY, type Place } from "./keys.ts";
import type { LeaseNode } from "./node.ts";
import type { Quorum } from "./quorum.ts";
import { atLeastOne, highest, leftOf, leftOnMajority, textOf, tokenOf } from "./replies.ts";

/** What one node knows of a resource; tokens are 0 where it knows none. */
export interface Known {
  /** Of the resource's bucket. */
  readonly counter: FencingToken;
  /** The last one that it accepted for this resource. */
  readonly last: FencingToken;
  /** Nothing was forgotten since it accepted that one; otherwise it may have accepted a later one before it did. */
  readonly isLastSure: boolean;
  /** It may have forgotten tokens of this resource up to this one. */
  readonly forgottenTo: FencingToken;
  /** Whoever has the lock there; with an empty id, nobody. */
  readonly id: string;
  readonly owner: string;
  readonly token: FencingToken;
  readonly acquiredAt: string;
  readonly left: number;
}

/** Everything that nodes know of a resource, once all have answered or a majority has and the others are silent. */
export async function readAll(quorum: Quorum, place: Place): Promise<readonly Known[]> {
  const { answers } = await quorum.countAll({ ask: (node) => readOn(node, place), isFor: () => true });
  quorum.assertMajority(answers);
  return [...answers.values()];
}

async function readOn(node: LeaseNode, { lock, last, bucket }: Place): Promise<Known> {
  const reply = await node.ask("read", [lock, FENCE_KEY, last, FORGOTTEN_KEY], [bucket]);
  return {
    counter: tokenOf(reply[1]),
    last: tokenOf(reply[2]),
    isLastSure: reply[3] === 1,
    forgottenTo: tokenOf(reply[4]),
    id: textOf(reply[5]),
    owner: textOf(reply[6]),
    token: tokenOf(reply[7]),
    acquiredAt: textOf(reply[8]),
    left: leftOf(reply[9]),
  };
}

type Lock = Pick<Known, "id" | "owner" | "token" | "acquiredAt" | "left">;

/** The lease that a majority has, with a token on at least one of them; undefined when there is none. */
export function leaseFrom(locks: readonly Lock[], place: Pick<Place, "namespace" | "resource">, majority: number) {
  for (const [id, same] of Map.groupBy(locks, (lock) => lock.id)) {
    const token = highest(same.map((lock) => lock.token));
    const from = same.find((lock) => lock.token === token);
    if (id === "" || same.length < majority || token === 0n || from === undefined) continue;
    const { namespace, resource } = place;
    const lefts = same.map(({ left }) => left);
    const lease: HeldLease = {
      namespace,
      resource,
      owner: from.owner,
      token,
      left: atLeastOne(leftOnMajority(lefts, majority)),
      acquiredAt: epochMs(Number(from.acquiredAt)),
    };
    return lease;
  }
  return undefined;
}

/** @throws STORE_UNAVAILABLE when the silent nodes could make a majority of those that have it. */
export async function inspectLease(quorum: Quorum, place: Place): Promise<HeldLease | undefined> {
  const known = await readAll(quorum, place);
  const lease = leaseFrom(known, place, quorum.majority);
  if (lease !== undefined) return lease;
  const silent = quorum.nodes.length - known.length;
  const might = [...Map.groupBy(known, ({ id }) => id)].some(
    ([id, same]) => id !== "" && same.length + silent >= quorum.majority && same.some(({ token }) => token > 0n),
  );
  if (might) throw quorum.unavailable("whether the lease is held hangs on nodes that are silent");
  return undefined;
}

/**
 * Whether a token is the resource's latest. Stale is told on any sign of a later one, even of one that was only
 * proposed: whoever proposes has the lock on a majority. Current is told when a majority vouches that nothing later was
 * accepted: a node does so unless it may have forgotten a later one, which it may as well when it came back with an
 * older last token. A resource of which no node knows anything has had no lease for a day, so any token that its bucket
 * has reached is stale. What is left, a token above all that is known of the resource, means that nodes have lost data,
 * or that the token is none of ours: STORE_UNAVAILABLE.
 */
export async function checkFence(quorum: Quorum, place: Place, token: FencingToken): Promise<CheckFenceOutcome> {
  const known = await readAll(quorum, place);
  const latest = highest(known.flatMap((one) => [one.last, one.token]));
  if (token < latest || (latest === 0n && token <= highest(known.map(({ counter }) => counter)))) {
    return { kind: "stale" };
  }
  if (token > latest) throw quorum.unavailable("the token is above all that is known of the resource");
  const vouching = known.filter((one) => (one.isLastSure && one.last === token) || token >= one.forgottenTo).length;
  if (vouching >= quorum.majority) return { kind: "current" };
  throw quorum.unavailable("nodes may have forgotten a later token of the resource");
}
