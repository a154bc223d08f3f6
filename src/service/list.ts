import type { ListPage, ListQuery } from "../store/port.ts";
import type { ServiceDeps } from "./context.ts";

/** One page of a namespace's unfinished records. */
export function list(deps: ServiceDeps, query: ListQuery): Promise<ListPage> {
  return deps.store.list(query);
}
