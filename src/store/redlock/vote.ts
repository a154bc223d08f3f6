import { type FencingToken, fencingToken } from "../../base/units.ts";
import type { AcquireCommand, AcquireOutcome } from "../../domain/lease.ts";
import { FENCE_KEY, type Place } from "./keys.ts";
import type { LeaseNode } from "./node.ts";
import type { Count, Quorum } from "./quorum.ts";
import { atLeastOne, leftOf, leftOnMajority, tagOf, textOf, tokenOf } from "./replies.ts";

/** One try to take a lease. */
export interface Try {
  readonly place: Place;
  readonly command: AcquireCommand;
  /** Nobody else's: what this try sets on a node, and may take back. */
  readonly nonce: string;
}

interface Fence {
  readonly counter: FencingToken;
  readonly nowUs: FencingToken;
}

export type Vote =
  /** `token`: of this very lease, when it was acquired before; 0 otherwise. */
  | (Fence & { readonly kind: "granted"; readonly token: FencingToken; readonly left: number })
  | (Fence & { readonly kind: "held"; readonly id: string; readonly owner: string; readonly left: number });

export function voteCount(quorum: Quorum, attempt: Try): Promise<Count<Vote>> {
  return quorum.count({
    ask: (node) => voteOn(node, attempt),
    isFor: (vote) => vote.kind === "granted",
    undo: (node) => undoOn(node, attempt),
  });
}

async function voteOn(node: LeaseNode, { place, command, nonce }: Try): Promise<Vote> {
  const { leaseId, owner, ttl } = command;
  const { lock, index, ends, bucket, namespace, resource } = place;
  const args = [leaseId, nonce, ttl, bucket, owner, namespace, resource];
  const reply = await node.ask("vote", [lock, FENCE_KEY, index, ends], args);
  const fence = { counter: tokenOf(reply[1]), nowUs: tokenOf(reply[2]) };
  if (tagOf(reply) === "granted") {
    return { kind: "granted", ...fence, token: tokenOf(reply[3]), left: leftOf(reply[4]) };
  }
  return { kind: "held", ...fence, id: textOf(reply[3]), owner: textOf(reply[4]), left: leftOf(reply[5]) };
}

export function undoOn(node: LeaseNode, { place, command, nonce }: Try): Promise<unknown> {
  return node.ask("undo", [place.lock, place.index, place.ends], [command.leaseId, nonce, place.resource]);
}

/** The first number to propose: above all that the voters have accepted. */
export function firstToken(votes: Iterable<Vote>, clockFloor: boolean): FencingToken {
  let token = 0n;
  for (const { counter, nowUs } of votes) {
    if (counter >= token) token = counter + 1n;
    if (clockFloor && nowUs > token) token = nowUs;
  }
  return fencingToken(token);
}

/** The lease as a majority already has it. */
export interface Resumed {
  readonly token: FencingToken;
  readonly left: number;
}

/** Undefined when no token of this lease is on a majority. */
export function resumedFrom(votes: Iterable<Vote>, majority: number): Resumed | undefined {
  const lefts = Map.groupBy(
    [...votes].filter((vote) => vote.kind === "granted" && vote.token > 0n),
    (vote) => (vote.kind === "granted" ? vote.token : 0n),
  );
  for (const [token, same] of lefts) {
    const ms = same.map(({ left }) => left);
    if (ms.length >= majority) return { token: fencingToken(token), left: leftOnMajority(ms, majority) };
  }
  return undefined;
}

/** What those who did not grant it say of the holder; `isSettled`: one lease alone has a majority. */
export function holderFrom(
  votes: Iterable<Vote>,
  majority: number,
): { readonly isSettled: boolean; readonly busy: AcquireOutcome } | undefined {
  const held = [...votes].filter((vote) => vote.kind === "held");
  const [first, ...rest] = [...Map.groupBy(held, ({ id }) => id).values()];
  if (first === undefined) return undefined;
  const strongest = rest.reduce((best, one) => (one.length > best.length ? one : best), first);
  const lefts = strongest.map(({ left }) => left);
  const left = leftOnMajority(lefts, Math.min(majority, lefts.length));
  const busy = { kind: "busy", owner: strongest[0]?.owner ?? "", left: atLeastOne(left) } as const;
  return { isSettled: strongest.length >= majority, busy };
}
