/** Random histories of a few addresses: what may happen, as data that does not depend on any store. */
import fc from "fast-check";
import type { AdvanceCommand } from "../../src/domain/advance.ts";
import type { VisibleState } from "../../src/domain/record.ts";
import type { ResetCommand } from "../../src/domain/reset.ts";
import type { Ordering, OrderingMode, Stream } from "../../src/domain/stream.ts";
import type { BeginParts, CheckpointParts, CompleteParts, RenewParts, ResolveParts } from "./commands.ts";
import { DAY, fingerprint, HIGHEST_TOKEN, HOUR, MINUTE, result, resultOf, SECOND } from "./commands.ts";

/** How many addresses a history has: few, so that its calls meet. */
export const ADDRESSES = 3;

/** Which token a call carries; seen from the address's record and the clock at that time. */
export type TokenChoice =
  | { readonly of: "record" | "clock" | "window" | "slot"; readonly plus: bigint }
  | { readonly of: "earlier"; readonly back: number }
  | { readonly of: "literal"; readonly token: bigint };

/** Where a step of the clock leads: by a length, or to an instant of a record, or just beside it. */
export type ClockStep =
  | { readonly to: "later"; readonly ms: number }
  | { readonly to: "earlier"; readonly ms: number }
  | { readonly to: "deadline"; readonly of: Deadline; readonly plusMs: number };
export type Deadline = "leaseUntil" | "retryAt" | "resultUntil" | "expiresAt";

/** A stream's state, the reservation seen from the event's address and the clock at that time. */
export interface StreamChoice extends Omit<Stream, "updatedAt" | "reservation"> {
  readonly updatedMsAgo: number;
  readonly reservation: { readonly place: Ordering; readonly revoked: boolean; readonly leftMs: number } | undefined;
}

type Call =
  | { readonly call: "begin"; readonly parts: BeginParts; readonly announce: boolean }
  | { readonly call: "complete"; readonly token: TokenChoice; readonly parts: CompleteParts }
  | { readonly call: "renew"; readonly token: TokenChoice; readonly parts: RenewParts }
  | { readonly call: "checkpoint"; readonly token: TokenChoice; readonly parts: CheckpointParts }
  | { readonly call: "release"; readonly token: TokenChoice; readonly parts: RetentionParts }
  | { readonly call: "resolve"; readonly token: TokenChoice | undefined; readonly parts: ResolveParts }
  | { readonly call: "forget"; readonly fenceFor: number }
  | { readonly call: "get"; readonly announce: boolean }
  | { readonly call: "lose" }
  | { readonly call: "put_stream"; readonly stream: StreamChoice | undefined }
  | { readonly call: "advance"; readonly command: AdvanceCommand }
  | { readonly call: "reset"; readonly command: Omit<ResetCommand, "expectedLast">; readonly sees: "last" | bigint }
  | { readonly call: "standing" }
  | { readonly call: "step"; readonly step: ClockStep }
  | {
      readonly call: "list";
      readonly states: readonly VisibleState[];
      readonly olderThan: number;
      readonly limit: number;
    };

export type Event = Call & { readonly address: number };

type RetentionParts = Pick<BeginParts, "retention">;

const LENGTHS_MS = [1, SECOND, 5 * SECOND, 30 * SECOND, MINUTE, HOUR] as const;

/**
 * A tombstone is never over while its completion could still be restored: a namespace that says otherwise gets one
 * token finished twice, which is what the contract then asks for, and no store need be good at.
 */
const retention = fc.record({
  result: fc.constantFrom(5 * SECOND, MINUTE, HOUR),
  tombstone: fc.constantFrom(HOUR + SECOND, DAY),
  unfinished: fc.constantFrom(10 * SECOND, HOUR, 2 * DAY),
});
const length = fc.constantFrom(...LENGTHS_MS);
const lengthOrDefault = fc.constantFrom(0, 0, ...LENGTHS_MS);
/** The longest is beyond every tombstone. */
const retentionOrDefault = fc.constantFrom(0, 0, ...LENGTHS_MS, 2 * DAY);
const text = fc.constantFrom("", "", "a", "declined", "ü\0{x}");

/** Small, kept apart, over the inline limit, none; and few enough that two are often equal. */
const results = fc.constantFrom(
  undefined,
  result(),
  result(),
  result(),
  result({ body: Buffer.alloc(0), contentType: "text/plain", metadata: { b: "2", a: "1" }, reference: "s3://b/1" }),
  resultOf(1024),
  resultOf(1025),
  resultOf(5000),
  resultOf(5000, 4000),
);

const token: fc.Arbitrary<TokenChoice> = fc.oneof(
  { weight: 20, arbitrary: fc.constant<TokenChoice>({ of: "record", plus: 0n }) },
  { weight: 4, arbitrary: fc.record({ of: fc.constant("earlier" as const), back: fc.nat(3) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      of: fc.constantFrom("record" as const, "clock" as const, "window" as const, "slot" as const),
      plus: fc.constantFrom(-1n, 0n, 1n),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      of: fc.constant("literal" as const),
      token: fc.constantFrom(1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, HIGHEST_TOKEN),
    }),
  },
);

const FINGERPRINTS = [
  [],
  [],
  [fingerprint("A")],
  [fingerprint("A")],
  [fingerprint("A")],
  [fingerprint("B")],
  [fingerprint("A", "new"), fingerprint("A")],
];

/** Few, so that they meet, and those where a number of fewer bits would go wrong. */
const PLACES = [0n, 1n, 1n, 2n, 2n, 3n, 4n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 64n - 2n];
const place = fc.constantFrom(...PLACES);
const ordering = fc.record({
  mode: fc.constantFrom<OrderingMode[]>("strict_next", "strict_next", "monotonic", "last_write_wins", "exact"),
  sequence: place,
  epoch: fc.constantFrom(0n, 0n, 0n, 0n, 0n, 0n, 1n, 1n, 2n ** 32n, 2n ** 64n - 1n),
  tiebreak: fc.constantFrom(0n, 1n, 2n ** 32n, 2n ** 64n - 1n),
  initial: fc.constantFrom(1n, 1n, 1n, 0n, 2n, 2n ** 53n),
  onUnknownStream: fc.constantFrom("require_initial" as const, "adopt" as const),
  onTerminalFailure: fc.constantFrom("block" as const, "skip" as const),
});
/** As the transport makes it. */
const placed = ordering.map((given) => ({
  ...given,
  tiebreak: given.mode === "last_write_wins" ? given.tiebreak : 0n,
  initial: given.mode === "exact" && given.initial === 0n ? 1n : given.initial,
}));

const begin = fc.record({
  call: fc.constant("begin" as const),
  announce: fc.boolean(),
  parts: fc.record({
    fingerprints: fc.constantFrom(...FINGERPRINTS),
    attemptId: fc.constantFrom("one", "two", "three"),
    owner: text,
    leaseFor: length,
    retentionFor: retentionOrDefault,
    lapsePolicy: fc.constantFrom("take_over" as const, "take_over" as const, "take_over" as const, "hold" as const),
    maxAttempts: fc.constantFrom(0, 0, 0, 1, 2, 3),
    ordering: fc.option(placed, { nil: undefined, freq: 2 }),
    traceparent: fc.constantFrom("", `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01`),
    retention,
  }),
});

const complete = fc.record({
  call: fc.constant("complete" as const),
  token,
  parts: fc.record({
    kind: fc.constantFrom("succeeded" as const, "failed" as const, "retryable" as const, "retryable" as const),
    result: results,
    error: text,
    retryAfter: lengthOrDefault,
    jitter: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    retentionFor: retentionOrDefault,
    retention,
  }),
});

const renewal = { leaseFor: lengthOrDefault, leaseTotal: fc.constantFrom(MINUTE, HOUR, DAY), retention };
const renew = fc.record({ call: fc.constant("renew" as const), token, parts: fc.record(renewal) });
const checkpoint = fc.record({
  call: fc.constant("checkpoint" as const),
  token,
  parts: fc.record({
    ...renewal,
    name: text,
    step: fc.constantFrom(0n, 1n, 2n, 3n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n),
    data: fc.constantFrom(Buffer.alloc(0), Buffer.from([0, 255, 10]), Buffer.alloc(3000, 9)),
  }),
});
const release = fc.record({ call: fc.constant("release" as const), token, parts: fc.record({ retention }) });

const resolve = fc.record({
  call: fc.constant("resolve" as const),
  token: fc.option(token, { nil: undefined }),
  parts: fc.record({
    resolution: fc.constantFrom("retry" as const, "retry" as const, "succeeded" as const, "failed" as const),
    result: results,
    reason: text,
    retention,
  }),
});

const advance = fc.record({
  call: fc.constant("advance" as const),
  command: placed.chain(({ mode, sequence, epoch, tiebreak }) =>
    fc.record({
      ...{ mode: fc.constant(mode), sequence: fc.constant(sequence), epoch: fc.constant(epoch) },
      tiebreak: fc.constant(tiebreak),
      expected: mode === "exact" ? place : fc.constant(0n),
      attemptId: fc.constantFrom("", "one", "two"),
    }),
  ),
});
/** States that calls alone come to too rarely. */
const stream = fc.option(
  fc.record({
    epoch: fc.constantFrom(0n, 0n, 1n, 2n ** 32n),
    last: fc.oneof(place, place, fc.constantFrom(-1n, 2n ** 64n - 1n, 2n ** 32n - 2n, 2n ** 32n)),
    tiebreak: fc.constantFrom(0n, 1n, 2n ** 32n, 2n ** 64n - 1n),
    advancedBy: fc.constantFrom("", "one"),
    updatedMsAgo: fc.constantFrom(0, 0, SECOND, -SECOND),
    reservation: fc.option(
      fc.record({ place: placed, revoked: fc.boolean(), leftMs: fc.constantFrom(-1, 0, 1, 30 * SECOND) }),
      { nil: undefined },
    ),
  }),
  { nil: undefined, freq: 5 },
);

const reset = fc.record({
  call: fc.constant("reset" as const),
  command: fc.record({
    to: place,
    onlyKnown: fc.boolean(),
    epoch: fc.constantFrom(undefined, undefined, 0n, 2n ** 32n),
  }),
  sees: fc.oneof({ weight: 4, arbitrary: fc.constant("last" as const) }, { weight: 1, arbitrary: place }),
});

/** Mostly to the ends of leases: much of what can happen begins there. */
const DEADLINES = ["leaseUntil", "leaseUntil", "leaseUntil", "retryAt", "retryAt", "resultUntil", "expiresAt"] as const;
const step = fc.record({
  call: fc.constant("step" as const),
  step: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        to: fc.constant("deadline" as const),
        of: fc.constantFrom<Deadline[]>(...DEADLINES),
        plusMs: fc.constantFrom(-1, 0, 0, 1),
      }),
    },
    { weight: 2, arbitrary: fc.record({ to: fc.constant("later" as const), ms: length }) },
    { weight: 1, arbitrary: fc.record({ to: fc.constant("earlier" as const), ms: length }) },
  ),
});

const STATES = ["in_progress", "unknown", "retryable", "dead_lettered", "succeeded"] as const;
const list = fc.record({
  call: fc.constant("list" as const),
  states: fc.subarray<VisibleState>([...STATES]),
  olderThan: lengthOrDefault,
  limit: fc.constantFrom(1, 2, 100),
});

const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 30, arbitrary: begin },
  { weight: 14, arbitrary: complete },
  { weight: 20, arbitrary: step },
  { weight: 5, arbitrary: renew },
  { weight: 8, arbitrary: checkpoint },
  { weight: 6, arbitrary: release },
  { weight: 5, arbitrary: resolve },
  { weight: 3, arbitrary: fc.record({ call: fc.constant("get" as const), announce: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ call: fc.constant("forget" as const), fenceFor: length }) },
  { weight: 1, arbitrary: fc.constant({ call: "lose" as const }) },
  { weight: 5, arbitrary: fc.record({ call: fc.constant("put_stream" as const), stream }) },
  { weight: 2, arbitrary: list },
  { weight: 5, arbitrary: advance },
  { weight: 3, arbitrary: reset },
  { weight: 4, arbitrary: fc.constant({ call: "standing" as const }) },
);

const event: fc.Arbitrary<Event> = fc
  .tuple(call, fc.nat(ADDRESSES - 1))
  .map(([what, address]) => ({ ...what, address }));

/** A history of up to `lengthMax` calls. */
export function histories(lengthMax: number): fc.Arbitrary<readonly Event[]> {
  return fc.array(event, { minLength: 1, maxLength: lengthMax, size: "max" });
}
