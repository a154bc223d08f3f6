import { getSequence } from "../../service/sequence-get.ts";
import type { TransportDeps } from "./context.ts";
import { timestamp } from "./convert.ts";
import { Fields } from "./fields.ts";
import type { SequenceServiceGetRequest__Output } from "./gen/onceward/v1/SequenceServiceGetRequest.ts";
import type { SequenceServiceGetResponse } from "./gen/onceward/v1/SequenceServiceGetResponse.ts";
import { lastMessage, readStreamAddress } from "./sequence-fields.ts";

export async function handleSequenceGet(
  deps: TransportDeps,
  request: SequenceServiceGetRequest__Output,
): Promise<SequenceServiceGetResponse> {
  const fields = new Fields();
  const address = readStreamAddress(fields, request);
  fields.check();
  const standing = await getSequence(deps, address);
  if (standing === undefined) return { found: false };
  const { epoch, last, tiebreak, reservation: held, updatedAt } = standing;
  return {
    found: true,
    ...lastMessage(last),
    epoch: String(epoch),
    tiebreak: String(tiebreak),
    reservation:
      held === undefined ? null : { sequence: String(held.sequence), leaseMs: held.leaseLeft, revoked: held.revoked },
    updatedAt: timestamp(updatedAt),
  };
}
