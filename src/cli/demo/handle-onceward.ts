import { type ServiceError, status } from "@grpc/grpc-js";
import { monotonicMs } from "../../base/clock.ts";
import { uniqueId } from "../../base/random.ts";
import { every, pause } from "../../base/wait.ts";
import type { Attempt__Output } from "../../transport/grpc/gen/onceward/v1/Attempt.ts";
import type { BeginResponse__Output } from "../../transport/grpc/gen/onceward/v1/BeginResponse.ts";
import type { IdempotencyServiceClient } from "../../transport/grpc/gen/onceward/v1/IdempotencyService.ts";
import type { RecordAddress } from "../../transport/grpc/gen/onceward/v1/RecordAddress.ts";
import { call } from "../client.ts";
import { type Handler, type Hands, ReplyLost, runEffect } from "./handling.ts";
import type { Answer, Job } from "./messages.ts";
import { OPERATION, receiptIn, resultOf } from "./record.ts";
import type { TargetAnswer } from "./target.ts";
import {
  CALL_AGAIN_MS,
  CALL_MS,
  CALLS_MS,
  DELIVER_AGAIN_MS,
  HEARTBEAT_MS,
  LEASE_MS,
  NACK_MS,
  WAIT_MS,
} from "./timing.ts";

interface Context extends Hands {
  readonly job: Job;
  readonly client: IdempotencyServiceClient;
  readonly address: RecordAddress;
}

/** Handles a delivery as the contract says: ask, run with the token, record. */
export function handleWith(client: IdempotencyServiceClient, namespace: string): Handler {
  return async (job, hands) => {
    const stream = job.place?.stream ?? "";
    const context = { ...hands, job, client, address: { namespace, operation: OPERATION, stream, key: job.event } };
    const begun = await begin(context);
    switch (begun.outcome) {
      case "STARTED":
        return begun.attempt === null
          ? { kind: "failed", why: "STARTED without an attempt" }
          : run(context, begun.attempt);
      case "REPLAY":
        hands.count("replayed");
        return { kind: "done", receipt: receiptIn(begun.record) };
      case "IN_PROGRESS":
        hands.count("in-progress");
        return { kind: "again", afterMs: Number(begun.retryAfterMs) };
      case "GAP":
        hands.count("gap");
        // A nack: the client is free for another, and the queue keeps this one the longer the farther its turn is.
        return { kind: "again", afterMs: NACK_MS * placesBefore(job, begun) };
      case "STALE":
        hands.count("stale");
        return { kind: "done", receipt: undefined };
      case "MISMATCH":
        hands.count("mismatched");
        return { kind: "refused" };
      case "UNRESOLVED":
        hands.count("unresolved");
        return { kind: "unresolved" };
      default:
        return { kind: "failed", why: `Begin was answered ${begun.outcome}` };
    }
  };
}

/** How many places of the stream come before the job's, as far as the sidecar tells; at least 1. */
function placesBefore({ place }: Job, { expectedSequence }: BeginResponse__Output): number {
  return Math.max(1, (place?.number ?? 0) - Number(expectedSequence));
}

async function begin(context: Context): Promise<BeginResponse__Output> {
  const { place } = context.job;
  const request = {
    address: context.address,
    fingerprint: { json: context.job.body },
    attemptId: uniqueId(),
    owner: `demo client ${process.pid}`,
    leaseMs: LEASE_MS,
    waitMs: WAIT_MS,
    lapsePolicy: context.job.hold ? ("HOLD" as const) : ("TAKE_OVER" as const),
    ...(place !== undefined && { ordering: { sequence: place.number, mode: "STRICT_NEXT" as const } }),
  };
  const begun = await untilAnswered(context, async () => {
    const answer = await call(context.client, context.client.begin, request, CALL_MS);
    if ((await context.at("begun")) === "lose-reply") throw new ReplyLost("Begin was not answered");
    return answer;
  });
  const { attempt } = begun;
  if (attempt !== null) context.count(attempt.takeover ? "taken-over" : attempt.resumed ? "resumed" : "started");
  return begun;
}

async function run(context: Context, attempt: Attempt__Output): Promise<Answer> {
  const token = attempt.fencingToken;
  const request = { address: context.address, fencingToken: token };
  // A heartbeat without an answer changes nothing: only the token guards, and the target compares it.
  const beat = () => void call(context.client, context.client.renew, request, CALL_MS).catch(() => undefined);
  const stopBeating = every(HEARTBEAT_MS, beat);
  try {
    const receipt = await settleEffect(context, attempt);
    if (receipt !== undefined) return await complete(context, token, receipt);
    return { kind: "again", afterMs: DELIVER_AGAIN_MS };
  } finally {
    stopBeating();
  }
}

/** The receipt of the one effect, whoever ran it; undefined when this attempt must leave it to another. */
async function settleEffect(context: Context, attempt: Attempt__Output): Promise<number | undefined> {
  const token = attempt.fencingToken;
  // Somebody was here before and did not come back. Raising the target's token first shuts that one out for good;
  // only then does "not there" stay true until this attempt has written.
  if (attempt.maybeExecuted) {
    const seen = await look(context, token);
    if (seen.kind !== "absent") return receiptOf(seen);
  }
  try {
    const answer = await runEffect(context.job, context, token);
    if (answer.kind === "refused") await giveUp(context, token);
    return receiptOf(answer);
  } catch (error) {
    if (!(error instanceof ReplyLost)) throw error;
    // Nobody knows whether it ran. If it is not there it may still be on its way: this attempt does not run it a
    // second time. Its lease lapses, and whoever takes over has a higher token.
    return receiptOf(await look(context, token));
  }
}

async function look(context: Context, token: string): Promise<TargetAnswer> {
  const answer = await context.target.ask({ op: "look", event: context.job.event, token });
  if (answer.kind === "refused") context.count("refused-by-target");
  else context.count(answer.kind === "there" ? "asked-there" : "asked-absent");
  return answer;
}

function receiptOf(answer: TargetAnswer): number | undefined {
  return answer.kind === "done" || answer.kind === "there" ? answer.receipt : undefined;
}

async function complete(context: Context, fencingToken: string, receipt: number): Promise<Answer> {
  const request = { address: context.address, fencingToken, kind: "SUCCEEDED" as const, result: resultOf(receipt) };
  const completed = await untilAnswered(context, async () => {
    const answer = await call(context.client, context.client.complete, request, CALL_MS);
    if ((await context.at("completed")) === "lose-reply") throw new ReplyLost("Complete was not answered");
    return answer;
  });
  switch (completed.outcome) {
    case "STORED":
      context.count(completed.late ? "stored-late" : "stored");
      return { kind: "done", receipt };
    case "ALREADY_STORED":
      context.count("already-stored");
      return { kind: "done", receipt };
    case "FENCED":
      context.count("fenced");
      return { kind: "again", afterMs: DELIVER_AGAIN_MS };
    default:
      return { kind: "failed", why: `Complete was answered ${completed.outcome}` };
  }
}

/** The target refused this attempt, so it did not run. Usually the sidecar knows already that it is over. */
async function giveUp(context: Context, fencingToken: string): Promise<void> {
  const request = { address: context.address, fencingToken };
  const released = await untilAnswered(context, () => call(context.client, context.client.release, request, CALL_MS));
  if (released.outcome === "FENCED") context.count("fenced");
}

/** Makes the same call, with the same arguments, until it is answered; gives up after {@link CALLS_MS}. */
async function untilAnswered<T>(context: Context, attempt: () => Promise<T>): Promise<T> {
  const end = monotonicMs() + CALLS_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isUnanswered(error) || monotonicMs() > end) throw error;
      context.count("call-repeated");
      await pause(CALL_AGAIN_MS);
    }
  }
}

function isUnanswered(error: unknown): boolean {
  if (error instanceof ReplyLost) return true;
  const { code } = error as Partial<ServiceError>;
  return code === status.UNAVAILABLE || code === status.DEADLINE_EXCEEDED || code === status.RESOURCE_EXHAUSTED;
}
