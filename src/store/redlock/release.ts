import type { LeaseProof, LeaseReleaseOutcome } from "../../domain/lease.ts";
import type { Place } from "./keys.ts";
import type { LeaseNode } from "./node.ts";
import type { Quorum } from "./quorum.ts";
import { tagOf } from "./replies.ts";

/**
 * Gives a lease up. Released when it was ours on some node, or is on none of a majority, so that the call may be
 * repeated; lost when somebody else has it.
 */
export async function release(quorum: Quorum, place: Place, proof: LeaseProof): Promise<LeaseReleaseOutcome> {
  const { answers, won, all } = await quorum.count({ ask: (node) => releaseOn(node, place, proof), isFor: () => true });
  if (!won) {
    await all;
    quorum.assertMajority(answers);
  }
  const has = (tag: string) => [...answers.values()].includes(tag);
  return { kind: has("released") || !has("other") ? "released" : "lost" };
}

async function releaseOn(node: LeaseNode, place: Place, { leaseId, token }: LeaseProof): Promise<string> {
  const { lock, index, ends, resource } = place;
  return tagOf(await node.ask("release", [lock, index, ends], [leaseId, String(token), resource]));
}
