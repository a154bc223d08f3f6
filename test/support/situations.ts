/** The situations a record can be in, each brought about by the calls that lead there. */
import type { Harness } from "../conformance/harness.ts";
import { HOUR, LEASE, MINUTE, RETENTION, result } from "./commands.ts";
import { type Subject, subjectOf } from "./subject.ts";

export type Situation = keyof typeof SITUATIONS;

/** What a subject is left with: the token that the last attempt was given. */
type Reach = (subject: Subject, harness: Harness) => Promise<bigint>;

const SITUATIONS = {
  "with a live lease": async (subject) => tokenOf(subject),
  "with a lapsed lease": async (subject, harness) => {
    const token = await tokenOf(subject);
    await harness.advance(LEASE);
    return token;
  },
  "backing off": async (subject) => {
    const token = await tokenOf(subject);
    await subject.fail(token, { retryAfter: MINUTE });
    return token;
  },
  released: async (subject) => {
    const token = await tokenOf(subject);
    await subject.release(token);
    return token;
  },
  "resolved to be retried": async (subject, harness) => {
    const token = await tokenOf(subject);
    await harness.advance(LEASE);
    await subject.resolve({ resolution: "retry" });
    return token;
  },
  "dead-lettered after a lapse": async (subject, harness) => {
    const token = await tokenOf(subject);
    await harness.advance(LEASE);
    await subject.begin({ maxAttempts: 1 });
    return token;
  },
  "dead-lettered after a failure": async (subject) => {
    const token = await tokenOf(subject);
    await subject.fail(token, { retryAfter: MINUTE });
    await subject.begin({ maxAttempts: 1 });
    return token;
  },
  succeeded: async (subject) => {
    const token = await tokenOf(subject);
    await subject.finish(token);
    return token;
  },
  failed: async (subject) => {
    const token = await tokenOf(subject);
    await subject.finish(token, { kind: "failed", error: "card declined" });
    return token;
  },
  "succeeded, its body gone": async (subject, harness) => {
    const token = await tokenOf(subject);
    await subject.finish(token);
    await harness.advance(RETENTION.result);
    return token;
  },
  "resolved as succeeded": async (subject, harness) => {
    const token = await tokenOf(subject);
    await harness.advance(LEASE);
    await subject.resolve({ resolution: "succeeded", result: result() });
    return token;
  },
  forgotten: async (subject) => {
    const token = await tokenOf(subject);
    await subject.forget(2 * HOUR);
    return token;
  },
  expired: async (subject, harness) => {
    const token = await tokenOf(subject);
    await harness.advance(LEASE + RETENTION.unfinished);
    return token;
  },
  lost: async (subject) => {
    const token = await tokenOf(subject);
    await subject.lose();
    return token;
  },
  "never begun": async (_subject, harness) => BigInt(harness.nowUs()),
} as const satisfies Record<string, Reach>;

/** What every situation's record is begun with, so that a test may tell it again. */
const FIRST_ATTEMPT = { attemptId: "attempt-1", owner: "worker-1" } as const;

/** A subject in that situation, with the token its last attempt was given. */
export async function reach(harness: Harness, situation: Situation, begun: Parameters<Subject["start"]>[0] = {}) {
  const subject = subjectOf(harness);
  const start = () => subject.start({ ...FIRST_ATTEMPT, ...begun });
  const token = await SITUATIONS[situation]({ ...subject, start }, harness);
  return { ...subject, token };
}

async function tokenOf(subject: Subject): Promise<bigint> {
  return (await subject.start()).record.token;
}
