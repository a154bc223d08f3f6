import { invariant } from "../base/assert.ts";
import { type EpochMs, type EpochUs, epochMs, type FencingToken, fencingToken, msOf } from "../base/units.ts";
import type { InStream } from "./stream.ts";

/**
 * When a transition is decided: the store's clock and the last fencing token its slot has minted. A transition never
 * reads a clock of its own.
 */
export interface Moment {
  readonly nowUs: EpochUs;
  readonly lastToken: FencingToken;
  /** What decides about order; absent where the address has no stream. */
  readonly inStream?: InStream;
}

/** What a record with an ordering is judged by: it has a stream, or it was never let in. */
export function streamOf({ inStream }: Moment): InStream {
  invariant(inStream !== undefined, "a record with an ordering has a stream");
  return inStream;
}

/**
 * The instant a record is judged by: never before its own last change, so that a clock stepping back makes no lease or
 * back-off longer than it was granted and no instant of the record go backward. What only time has done since that
 * change (a lapse, an expiry) it may undo, as long as nobody has acted on it.
 */
export function nowFor(record: { readonly updatedAt: EpochMs } | undefined, at: Moment): EpochMs {
  const now = msOf(at.nowUs);
  return record === undefined ? now : epochMs(Math.max(record.updatedAt, now));
}

/**
 * The next token of the slot: the store's time in µs, and always above the last one. The time makes it rise even when
 * the counter itself was lost; the counter (and the record's own token, should the counter alone be lost) makes it rise
 * when the clock steps back.
 */
export function mintToken(record: { readonly token: FencingToken } | undefined, at: Moment): FencingToken {
  let token = BigInt(at.nowUs);
  if (token <= at.lastToken) token = at.lastToken + 1n;
  if (record !== undefined && token <= record.token) token = record.token + 1n;
  return fencingToken(token);
}
