import {
  CHECKPOINT_NAME_BYTES_MAX,
  ERROR_BYTES_MAX,
  KEY_BYTES_MAX,
  MESSAGE_BYTES_MAX,
  NAMESPACE_BYTES_MAX,
  OPERATION_BYTES_MAX,
  OWNER_BYTES_MAX,
  STREAM_BYTES_MAX,
} from "../base/limits.ts";
import type { Seen, UnfinishedRecord } from "../domain/record.ts";
import type { ListPage, ListQuery } from "../store/port.ts";
import type { ServiceDeps } from "./context.ts";

const ADDRESS_BYTES_MAX = NAMESPACE_BYTES_MAX + OPERATION_BYTES_MAX + STREAM_BYTES_MAX + KEY_BYTES_MAX;
/** Most that a record takes of an answer beside the data of its checkpoint, bytes: 512 for what is of fixed length. */
const RECORD_BYTES_MAX = ADDRESS_BYTES_MAX + OWNER_BYTES_MAX + ERROR_BYTES_MAX + CHECKPOINT_NAME_BYTES_MAX + 512;

/**
 * One page of a namespace's unfinished records: as many as asked for, or as surely fit into one message. The store is
 * therefore asked for a few at a time, no more than would fit with checkpoints of the longest allowed length.
 */
export async function list(deps: ServiceDeps, query: ListQuery): Promise<ListPage> {
  const records: Seen<UnfinishedRecord>[] = [];
  let left = MESSAGE_BYTES_MAX;
  let next = query.cursor;
  do {
    const fitting = Math.floor(left / (RECORD_BYTES_MAX + deps.settings.checkpoint_inline));
    const limit = Math.min(query.limit - records.length, fitting);
    if (limit < 1) break;
    const page = await deps.store.list({ ...query, limit, cursor: next });
    for (const { record } of page.records) left -= RECORD_BYTES_MAX + (record.checkpoint?.data.length ?? 0);
    records.push(...page.records);
    next = page.next;
    // The store gave up looking: so does this call, and its caller decides whether to go on.
    if (page.records.length < limit) break;
  } while (next !== "");
  return { records, next };
}
