import type { ListPage, ListQuery } from "../store/port.ts";
import type { ServiceDeps } from "./context.ts";

/** One page of a namespace's unfinished records. */
export async function list(deps: ServiceDeps, query: ListQuery): Promise<ListPage> {
  const page = await deps.store.list(query);
  deps.tally.count(query.namespace, "ListRecords", "listed");
  return page;
}
