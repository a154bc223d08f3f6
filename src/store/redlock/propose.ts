import { type FencingToken, fencingToken } from "../../base/units.ts";
import { type AcquireOutcome, LEASE_KNOWN_MS } from "../../domain/lease.ts";
import { FENCE_KEY } from "./keys.ts";
import type { LeaseNode } from "./node.ts";
import type { Deadline, Quorum } from "./quorum.ts";
import { atLeastOne, highest, leftOf, tagOf, textOf, tokenOf } from "./replies.ts";
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
  /**
   * Somebody else has the lock by now, or another try of this very lease has set a token. `busy`: undefined where that
   * is the word of a minority while others are silent.
   */
  | { readonly kind: "lost"; readonly busy: AcquireOutcome | undefined }
  | { readonly kind: "unanswered"; readonly why: string };

type Answer = { readonly kind: "accepted" | "taken" } | Behind | Lost;

interface Behind {
  readonly kind: "behind";
  readonly counter: FencingToken;
}

interface Lost {
  readonly kind: "lost";
  /** Empty where nobody has the lock. */
  readonly id: string;
  readonly owner: string;
  readonly left: number;
}

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
      if (lost !== undefined) return { kind: "lost", busy: busyFrom(answers, quorum, attempt.command.owner) };
      return { kind: "unanswered", why: `${able} of ${quorum.nodes.length} could accept a token` };
    }
    const reached = answers.map((answer) => (answer.kind === "behind" ? answer.counter : token));
    token = fencingToken(highest(reached) + 1n);
  }
  return { kind: "unanswered", why: "no token was accepted in time" };
}

/** Undefined unless one holder has a majority, or every node has answered. */
function busyFrom(answers: readonly Answer[], quorum: Quorum, own: string): AcquireOutcome | undefined {
  const lost = answers.filter((answer): answer is Lost => answer.kind === "lost" && answer.id !== "");
  const [strongest = []] = [...Map.groupBy(lost, ({ id }) => id).values()].sort((a, b) => b.length - a.length);
  if (strongest.length < quorum.majority && answers.length < quorum.nodes.length) return undefined;
  const [one] = strongest;
  return { kind: "busy", owner: one?.owner ?? own, left: atLeastOne(one?.left ?? 1) };
}

function seenOn(vote: Vote | undefined): string {
  return vote?.kind === "granted" && vote.token > 0n ? String(vote.token) : "";
}

async function proposeOn(
  node: LeaseNode,
  { place, command, nonce }: Try,
  { token, seen }: { readonly token: FencingToken; readonly seen: string },
): Promise<Answer> {
  const args = [command.leaseId, nonce, command.ttl, place.bucket, String(token), seen, LEASE_KNOWN_MS];
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
