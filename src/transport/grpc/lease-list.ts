import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from "../../base/limits.ts";
import { leaseList } from "../../service/lease-list.ts";
import type { TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { ListRequest__Output } from "./gen/onceward/v1/ListRequest.ts";
import type { ListResponse } from "./gen/onceward/v1/ListResponse.ts";
import { leaseMessage } from "./lease-fields.ts";

export async function handleLeaseList(deps: TransportDeps, request: ListRequest__Output): Promise<ListResponse> {
  const fields = new Fields();
  const { pageSize } = request;
  if (pageSize > PAGE_SIZE_MAX) fields.refuse("page_size", `must be 0 to ${PAGE_SIZE_MAX}`);
  const query = {
    namespace: fields.namespace("namespace", request.namespace),
    limit: pageSize === 0 ? PAGE_SIZE_DEFAULT : pageSize,
    cursor: request.pageToken,
  };
  fields.check();
  const { leases, next } = await leaseList(deps, query);
  return { leases: leases.map(leaseMessage), nextPageToken: next };
}
