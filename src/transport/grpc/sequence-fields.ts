/** What the requests and responses of SequenceService share. */
import { ERROR_BYTES_MAX, OWNER_BYTES_MAX, STREAM_BYTES_MAX } from "../../base/limits.ts";
import type { StreamAddress } from "../../domain/address.ts";
import type { ResetSequenceCall } from "../../service/sequence-reset.ts";
import type { Fields } from "./fields.ts";
import type { ResetRequest__Output } from "./gen/onceward/v1/ResetRequest.ts";
import type { SkipRequest__Output } from "./gen/onceward/v1/SkipRequest.ts";

export function readStreamAddress(
  fields: Fields,
  request: { readonly namespace: string; readonly stream: string },
): StreamAddress {
  return {
    namespace: fields.namespace("namespace", request.namespace),
    stream: fields.text("stream", request.stream, { min: 1, max: STREAM_BYTES_MAX }),
  };
}

/** A Reset and a Skip ask for the same; `onlyKnown` makes it a Skip. */
export function readReset(
  fields: Fields,
  request: ResetRequest__Output | SkipRequest__Output,
  onlyKnown: boolean,
): ResetSequenceCall {
  const expectedLast = request.expectedLast === undefined ? undefined : BigInt(request.expectedLast);
  const to = fields.sequence("to", request.to);
  if (onlyKnown && to <= (expectedLast ?? -1n)) fields.refuse("to", "must be above expected_last");
  return {
    address: readStreamAddress(fields, request),
    command: { expectedLast, to, onlyKnown, epoch: "epoch" in request ? epochOf(request) : undefined },
    reason: fields.text("reason", request.reason, { min: 1, max: ERROR_BYTES_MAX }),
    actor: fields.text("actor", request.actor, { min: 0, max: OWNER_BYTES_MAX }),
  };
}

function epochOf({ epoch }: ResetRequest__Output): bigint | undefined {
  return epoch === undefined ? undefined : BigInt(epoch);
}

/** Unset before place 0. */
export function lastMessage(last: bigint): { readonly last?: string } {
  return last < 0n ? {} : { last: String(last) };
}
