import { type Ordering, UINT64_MAX } from "../../domain/stream.ts";
import type { Fields } from "./fields.ts";
import type { Ordering__Output } from "./gen/onceward/v1/Ordering.ts";

export const ORDERING_MODE = {
  STRICT_NEXT: "strict_next",
  MONOTONIC: "monotonic",
  LAST_WRITE_WINS: "last_write_wins",
  EXACT: "exact",
} as const;

const UNKNOWN_STREAM = { REQUIRE_INITIAL: "require_initial", ADOPT: "adopt" } as const;
const TERMINAL_FAILURE = { BLOCK: "block", SKIP: "skip" } as const;
const INITIAL = 1n;

/** Undefined where the message is not set. `stream`: of the address it stands beside. */
export function readOrdering(
  fields: Fields,
  value: Ordering__Output | null,
  stream: string | undefined,
): Ordering | undefined {
  if (value === null) return undefined;
  if (stream === "") fields.refuse("ordering", "needs address.stream");
  const mode = fields.choice("ordering.mode", value.mode, ORDERING_MODE);
  const strict = mode === "strict_next";
  const exact = mode === "exact";
  const initial = value.initial === undefined ? INITIAL : BigInt(value.initial);
  if (exact && initial === 0n) fields.refuse("ordering.initial", "must be at least 1 in EXACT: it is moved to, from 0");
  if (initial === UINT64_MAX) fields.refuse("ordering.initial", "must be below 2^64-1");
  return {
    mode,
    sequence: fields.sequence("ordering.sequence", value.sequence),
    epoch: BigInt(value.epoch),
    tiebreak: mode === "last_write_wins" ? BigInt(value.tiebreak) : 0n,
    initial,
    onUnknownStream: fields.choice(
      "ordering.on_unknown_stream",
      value.onUnknownStream,
      UNKNOWN_STREAM,
      strict || exact ? "require_initial" : "adopt",
    ),
    onTerminalFailure: fields.choice(
      "ordering.on_terminal_failure",
      value.onTerminalFailure,
      TERMINAL_FAILURE,
      strict ? "block" : "skip",
    ),
  };
}
