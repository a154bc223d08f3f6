/** A stream of its own, the effects that have their places in it, and the stream by itself. */
import { uniqueId } from "../../src/base/random.ts";
import type { AdvanceCommand } from "../../src/domain/advance.ts";
import type { Ordering } from "../../src/domain/stream.ts";
import type { Harness } from "../conformance/harness.ts";
import type { BeginParts } from "./commands.ts";
import { subjectOf } from "./subject.ts";

/** A place as the transport fills it in. */
export function place(mode: Ordering["mode"], sequence: bigint, parts: Partial<Ordering> = {}): Ordering {
  const adopts = mode === "monotonic" || mode === "last_write_wins";
  return {
    ...{ mode, sequence, epoch: 0n, tiebreak: 0n, initial: 1n },
    onUnknownStream: adopts ? "adopt" : "require_initial",
    onTerminalFailure: mode === "strict_next" ? "block" : "skip",
    ...parts,
  };
}

export function streamOf(harness: Harness, mode: Ordering["mode"]) {
  const at = { namespace: "default", stream: uniqueId() };
  const { sequences } = harness.store;
  /** An effect at a place; by default a key of its own for each sequence and tiebreak. */
  const effect = (sequence: bigint, parts: Partial<Ordering> = {}, key = `${sequence}/${parts.tiebreak ?? 0n}`) => {
    const subject = subjectOf(harness, { ...at, key });
    const ordering = place(mode, sequence, parts);
    const begin = (given: BeginParts = {}) => subject.begin({ ordering, ...given });
    const start = (given: BeginParts = {}) => subject.start({ ordering, ...given });
    return { ...subject, begin, start };
  };
  return {
    at,
    effect,
    /** Begins and completes it. */
    commit: async (sequence: bigint, parts: Partial<Ordering> = {}) => {
      const one = effect(sequence, parts);
      return one.complete((await one.start()).record.token);
    },
    read: () => sequences.read(at),
    /** Undefined while the stream is unknown. */
    last: async () => (await sequences.read(at))?.last,
    advance: (sequence: bigint, parts: Partial<AdvanceCommand> = {}) =>
      sequences.advance(at, { mode, sequence, expected: 0n, epoch: 0n, tiebreak: 0n, attemptId: "", ...parts }),
    reset: (expectedLast: bigint | undefined, to: bigint, epoch?: bigint) =>
      sequences.reset(at, { expectedLast, to, epoch, onlyKnown: false }),
    skip: (expectedLast: bigint | undefined, to: bigint) =>
      sequences.reset(at, { expectedLast, to, epoch: undefined, onlyKnown: true }),
    lose: () => harness.putStream(at, undefined),
  };
}
