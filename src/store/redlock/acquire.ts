import { monotonicMs } from "../../base/clock.ts";
import { uniqueId } from "../../base/random.ts";
import { durationMs } from "../../base/units.ts";
import { pause } from "../../base/wait.ts";
import { type AcquireCommand, type AcquireOutcome, validityOf } from "../../domain/lease.ts";
import type { Place } from "./keys.ts";
import { propose } from "./propose.ts";
import type { Count, Deadline, Quorum } from "./quorum.ts";
import { atLeastOne } from "./replies.ts";
import { firstToken, holderFrom, resumedFrom, type Try, undoOn, type Vote, voteCount } from "./vote.ts";

/** Most tries while contenders split the votes: with jitter that doubles, few splits outlive three. */
const TRIES_MAX = 6;
/** Longest pause before the second try, ms; each one after it may take twice as long. */
const JITTER_MS = 8;

/** `split`: contenders or a proposal in the way; what to say if it stays so, undefined = that nothing is known. */
type TryOutcome = AcquireOutcome | { readonly kind: "split"; readonly busy: AcquireOutcome | undefined };

/**
 * Redlock with a fence: takes the lock on a majority, then has a majority accept a token. What was taken in vain is
 * given back before anything else is tried. Busy is told when a majority has the lease of one holder, or when every
 * node has answered and contenders keep each other from it: with one silent, a lock on a minority may be nobody's.
 */
export async function acquire(quorum: Quorum, place: Place, command: AcquireCommand): Promise<AcquireOutcome> {
  const deadline = quorum.deadline();
  for (let tried = 1; ; tried++) {
    const outcome = await tryOnce(quorum, { place, command, nonce: uniqueId() }, deadline);
    if (outcome.kind !== "split") return outcome;
    if (tried === TRIES_MAX || deadline.isNear) {
      if (outcome.busy !== undefined) return outcome.busy;
      throw quorum.unavailable("others have it on some nodes, and the silent ones could tell whether it is held");
    }
    await pause(quorum.random() * JITTER_MS * 2 ** tried);
  }
}

async function tryOnce(quorum: Quorum, attempt: Try, deadline: Deadline): Promise<TryOutcome> {
  const { ttl, owner } = attempt.command;
  const askedAt = monotonicMs();
  const count = await voteCount(quorum, attempt);
  if (!count.won) return refusal(quorum, count);
  const resumed = await resumable(quorum, count);
  if (resumed !== undefined) {
    const validity = validityOf(resumed.left, monotonicMs() - askedAt);
    if (validity > 0) return { kind: "acquired", token: resumed.token, validity: durationMs(validity) };
    return { kind: "busy", owner, left: atLeastOne(resumed.left) }; // its own last moments cannot be relied on
  }
  const first = firstToken(count.answers.values(), quorum.clockFloor);
  const proposed = await propose(quorum, { ...attempt, votes: count.answers, first, deadline });
  const validity = validityOf(ttl, monotonicMs() - askedAt);
  if (proposed.kind === "accepted" && validity > 0) {
    return { kind: "acquired", token: proposed.token, validity: durationMs(validity) };
  }
  await quorum.count({ ask: (node) => undoOn(node, attempt), isFor: () => true });
  switch (proposed.kind) {
    case "lost":
      return { kind: "split", busy: proposed.busy };
    case "unanswered":
      throw quorum.unavailable(proposed.why);
    default:
      throw quorum.unavailable(`taking the lease took longer than its ${ttl} ms`);
  }
}

/** Waits for the last votes only when some node has a token of this lease, so that they may tell that it lives. */
async function resumable(quorum: Quorum, { answers, all }: Count<Vote>) {
  const now = resumedFrom(answers.values(), quorum.majority);
  const isKnown = [...answers.values()].some((vote) => vote.kind === "granted" && vote.token > 0n);
  if (now !== undefined || !isKnown) return now;
  await all;
  return resumedFrom(answers.values(), quorum.majority);
}

async function refusal(quorum: Quorum, { answers, all }: Count<Vote>): Promise<TryOutcome> {
  const early = holderFrom(answers.values(), quorum.majority);
  if (early?.isSettled === true) return early.busy;
  await all;
  quorum.assertMajority(answers);
  const holder = holderFrom(answers.values(), quorum.majority);
  if (holder === undefined) throw quorum.unavailable("too few could grant the lease"); // a node went away in between
  if (holder.isSettled) return holder.busy;
  return { kind: "split", busy: answers.size === quorum.nodes.length ? holder.busy : undefined };
}
