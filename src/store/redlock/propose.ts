import { type FencingToken, fencingToken } from "../../base/units.ts";
import { FENCE_KEY, LAST_TOKEN_MS } from "./keys.ts";
import type { LeaseNode } from "./node.ts";
import type { Deadline, Quorum } from "./quorum.ts";
import { highest, leftOf, tagOf, textOf, tokenOf } from "./replies.ts";
import type { Try, Vote } from "./vote.ts";

/** Most proposals of one try: each is beaten only by another lease in the same bucket that is being acquired. */
const PROPOSALS_MAX = 8;

export interface Proposing extends Try {
  readonly votes: ReadonlyMap<LeaseNode, Vote>;
  readonly first: FencingToken;
  readonly deadline: Deadline;
}

export type Proposed =
  | { readonly kind: "accepted"; readonly token: FencingToken }
  /** Somebody else has the lock by now, or another try of this very lease has set a token. */
  | { readonly kind: "lost"; readonly owner: string; readonly left: number }
  | { readonly kind: "unanswered"; readonly why: string };

type Answer =
  | { readonly kind: "accepted" | "taken" }
  | { readonly kind: "behind"; readonly counter: FencingToken }
  | { readonly kind: "lost"; readonly id: string; readonly owner: string; readonly left: number };

/**
 * Finds a token that a majority accepts, each node strictly above all it accepted before. Two majorities share a node,
 * and a node accepts a number once: so no two leases get the same token. Whoever begins after a token was finished
 * needs a node that has accepted it: so tokens rise in real time. This is the write of ABD (Attiya, Bar-Noy, Dolev)
 * with a strict comparison; neither locks nor clocks are needed for it, and numbers given up on leave gaps. Kleppmann
 * ("How to do distributed locking") asks for just such a number, which Redlock does not have.
 */
export async function propose(quorum: Quorum, { votes, first, deadline, ...attempt }: Proposing): Promise<Proposed> {
  let token = first;
  for (let round = 0; round < PROPOSALS_MAX && !deadline.isNear; round++) {
    const count = await quorum.count({
      ask: (node) => proposeOn(node, attempt, { token, seen: seenOn(votes.get(node)) }),
      isFor: (answer) => answer.kind === "accepted",
    });
    if (count.won) return { kind: "accepted", token };
    await count.all;
    const answers = [...count.answers.values()];
    const lost = answers.find((answer) => answer.kind === "taken" || (answer.kind === "lost" && answer.id !== ""));
    const able = answers.filter(({ kind }) => kind === "accepted" || kind === "behind").length;
    if (able < quorum.majority) {
      if (lost?.kind === "lost") return lost;
      if (lost !== undefined) return { kind: "lost", owner: attempt.command.owner, left: 1 };
      return { kind: "unanswered", why: `${able} of ${quorum.nodes.length} could accept a token` };
    }
    const reached = answers.map((answer) => (answer.kind === "behind" ? answer.counter : token));
    token = fencingToken(highest(reached) + 1n);
  }
  return { kind: "unanswered", why: "no token was accepted in time" };
}

function seenOn(vote: Vote | undefined): string {
  return vote?.kind === "granted" && vote.token > 0n ? String(vote.token) : "";
}

async function proposeOn(
  node: LeaseNode,
  { place, command, nonce }: Try,
  { token, seen }: { readonly token: FencingToken; readonly seen: string },
): Promise<Answer> {
  const args = [command.leaseId, nonce, command.ttl, place.bucket, String(token), seen, LAST_TOKEN_MS];
  const reply = await node.ask("propose", [place.lock, FENCE_KEY, place.last], args);
  switch (tagOf(reply)) {
    case "accepted":
      return { kind: "accepted" };
    case "taken":
      return { kind: "taken" };
    case "behind":
      return { kind: "behind", counter: tokenOf(reply[1]) };
    default:
      return { kind: "lost", id: textOf(reply[1]), owner: textOf(reply[2]), left: leftOf(reply[3]) };
  }
}
