import { get } from "../../service/get.ts";
import type { GrpcCaller, TransportDeps } from "./context.ts";
import { recordMessage } from "./convert.ts";
import { Fields } from "./fields.ts";
import type { GetRequest__Output } from "./gen/onceward/v1/GetRequest.ts";
import type { GetResponse } from "./gen/onceward/v1/GetResponse.ts";

export async function handleGet(
  deps: TransportDeps,
  request: GetRequest__Output,
  caller: GrpcCaller,
): Promise<GetResponse> {
  const fields = new Fields();
  const address = fields.address("address", request.address);
  const waitFor = fields.duration("wait_ms", request.waitMs, { min: 0, max: deps.settings.wait_max });
  fields.check();
  const outcome = await get(deps, { address, waitFor }, caller);
  if (outcome.kind === "not_found") return { found: false };
  return { found: true, record: recordMessage(outcome.record, outcome.now, { result: true, checkpoint: true }) };
}
