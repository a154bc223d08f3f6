import { type DurationMs, type EpochMs, timeLeft } from "../base/units.ts";
import { type Reservation, type Stream, streamNow } from "./stream.ts";

/** Where a stream stands, as of an instant. */
export interface Standing extends Pick<Stream, "epoch" | "last" | "tiebreak" | "updatedAt"> {
  readonly reservation: (Pick<Reservation, "sequence" | "revoked"> & { readonly leaseLeft: DurationMs }) | undefined;
}

/** Undefined = nobody knows the stream. A revoked reservation is told for as long as it keeps others out. */
export function standingOf(stream: Stream | undefined, at: EpochMs): Standing | undefined {
  if (stream === undefined) return undefined;
  const { epoch, last, tiebreak, updatedAt, reservation: held } = stream;
  const leaseLeft = timeLeft(held?.until ?? at, streamNow(stream, at));
  const told = held !== undefined && (leaseLeft > 0 || !held.revoked);
  const reservation = told ? { sequence: held.sequence, revoked: held.revoked, leaseLeft } : undefined;
  return { epoch, last, tiebreak, updatedAt, reservation };
}
