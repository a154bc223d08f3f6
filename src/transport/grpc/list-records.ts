import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, TOMBSTONE_MS_MAX } from "../../base/limits.ts";
import { list } from "../../service/list.ts";
import type { TransportDeps } from "./context.ts";
import { recordMessage } from "./convert.ts";
import { Fields } from "./fields.ts";
import type { ListRecordsRequest__Output } from "./gen/onceward/v1/ListRecordsRequest.ts";
import type { ListRecordsResponse } from "./gen/onceward/v1/ListRecordsResponse.ts";

/** Most states that are looked at, repeats included; there are four. */
const STATES_MAX = 16;

const STATE = {
  IN_PROGRESS: "in_progress",
  UNKNOWN: "unknown",
  RETRYABLE: "retryable",
  DEAD_LETTERED: "dead_lettered",
} as const;

export async function handleListRecords(
  deps: TransportDeps,
  request: ListRecordsRequest__Output,
): Promise<ListRecordsResponse> {
  const fields = new Fields();
  const { pageSize } = request;
  if (pageSize > PAGE_SIZE_MAX) fields.refuse("page_size", `must be 0 to ${PAGE_SIZE_MAX}`);
  const states = request.states.slice(0, STATES_MAX);
  if (states.length < request.states.length) fields.refuse("states", `must be at most ${STATES_MAX}`);
  const query = {
    namespace: fields.namespace("namespace", request.namespace),
    states: new Set(states.map((state, i) => fields.choice(`states[${i}]`, state, STATE))),
    olderThan: fields.duration("older_than_ms", request.olderThanMs, { min: 0, max: TOMBSTONE_MS_MAX }),
    limit: pageSize === 0 ? PAGE_SIZE_DEFAULT : pageSize,
    cursor: request.pageToken,
  };
  fields.check();
  const page = await list(deps, query);
  const records = page.records.map(({ record, now }) => recordMessage(record, now, { checkpoint: true, token: true }));
  return { records: records.filter((record) => record !== null), nextPageToken: page.next };
}
