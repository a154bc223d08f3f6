/** A Begin or Get that waits, under a clock that only the test moves: for the process and for the store alike. */
import { vi } from "vitest";
import type { BeginAnswer } from "../../src/service/begin.ts";
import type { IdempotencyStore } from "../../src/store/port.ts";
import { SECOND } from "./commands.ts";
import { openReference } from "./reference-store.ts";
import { serviceOver } from "./service.ts";
import { narrow, subjectOf } from "./subject.ts";

/** How long calls want to wait where a test does not say, ms. */
export const WAIT = 30 * SECOND;
/** The lease of the attempt they wait for, ms. */
export const WAITED_LEASE = 5 * SECOND;

export type Stillness = Awaited<ReturnType<typeof stopTime>>;

/** Time stands still unless a test moves it: whatever ends before that was ended by something else. */
export async function stopTime() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
  const harness = await openReference();
  return {
    harness,
    async pass(ms: number): Promise<void> {
      await harness.advance(ms);
      await vi.advanceTimersByTimeAsync(ms);
    },
    /** An address whose attempt runs, and a service over the store. */
    async running(given: { store?: IdempotencyStore; env?: Readonly<Record<string, string>> } = {}) {
      const subject = subjectOf(harness);
      const { record } = await subject.start({ leaseFor: WAITED_LEASE });
      const deps = serviceOver(given.store ?? harness.store, { env: given.env ?? {} });
      return { subject, deps, token: record.token };
    },
    resume: () => void vi.useRealTimers(),
  };
}

/** The outcome of a Begin that the store has decided. */
export function decided(answer: BeginAnswer) {
  return narrow("decided", answer).outcome;
}

/** Lets everything happen that needs no time to pass. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** `waiting`, or what the call was answered. */
export function progress<T>(call: Promise<T>): { now: T | "waiting" } {
  const seen: { now: T | "waiting" } = { now: "waiting" };
  void call.then((answer) => {
    seen.now = answer;
  });
  return seen;
}
