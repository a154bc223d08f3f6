/** The unfinished records of one namespace, a page at a time, by the index that every slot keeps of them. */
import { type EpochMs, epochUs, later, msOf } from "../../base/units.ts";
import {
  isFinished,
  isPresent,
  type Seen,
  type StoredRecord,
  type UnfinishedRecord,
  visibleState,
} from "../../domain/record.ts";
import { unpackRecord } from "../packed.ts";
import type { ListPage, ListQuery } from "../port.ts";
import type { Fleet } from "./fleet.ts";
import { cursorOf, drop, placeAt, type Walked, walk } from "./index-walk.ts";
import { recordKey } from "./keys.ts";
import type { Shard } from "./shard.ts";

/** Most entries one page looks at, whatever it filters out: then it ends early and says where to go on. */
const ENTRIES_MAX = 1000;
/** Most records read at once: with the longest checkpoint in each, 8 MiB. */
const RECORDS_PER_READ = 128;

export async function listRecords(fleet: Fleet, query: ListQuery): Promise<ListPage> {
  const instants = new Map<Shard, Promise<EpochMs>>();
  const records: Seen<UnfinishedRecord>[] = [];
  let place: Walked["next"] = placeAt(query.cursor);
  let entriesLeft = ENTRIES_MAX;
  while (place !== undefined && records.length < query.limit && entriesLeft > 0) {
    const wanted = Math.min(query.limit - records.length, entriesLeft, RECORDS_PER_READ);
    const walked: Walked = await walk(fleet, query.namespace, place, wanted);
    const met = await read(walked, query.namespace, instants);
    records.push(...met.filter((one) => matches(one, query)));
    entriesLeft -= walked.entries.length;
    place = walked.next;
  }
  return { records, next: cursorOf(place) };
}

/** The records of entries, in their order; what is no longer an unfinished record leaves the index. */
async function read(
  { shard, entries }: Walked,
  namespace: string,
  instants: Map<Shard, Promise<EpochMs>>,
): Promise<Seen<UnfinishedRecord>[]> {
  if (entries.length === 0) return [];
  const instant = instants.get(shard) ?? shard.run("time", [], []).then(instantIn);
  instants.set(shard, instant);
  const [values, clock] = await Promise.all([shard.send("mget", ...entries.map(recordKey)), instant]);
  return entries.flatMap((entry, n) => {
    const value = (values as readonly (Buffer | null)[])[n]; // MGET answers a list of strings, null for a missing key
    const record = value ? unpackAnyhow(value) : undefined;
    const now = later(record?.updatedAt ?? clock, clock);
    if (record === undefined || record.state === "forgotten" || isFinished(record)) drop(shard, entry, namespace);
    else if (isPresent(record, now)) return [{ record, now }];
    return [];
  });
}

/** Undefined for what cannot be read: it hides nobody else from an operator, and is told by every other call. */
function unpackAnyhow(packed: Buffer): StoredRecord | undefined {
  try {
    return unpackRecord(packed, { address: NOWHERE, name: "" }).record;
  } catch {
    return undefined;
  }
}

/** Finished records do not carry their address; an entry that leads to one is stale, and its record is not told. */
const NOWHERE = { namespace: "", operation: "", stream: "", key: "" };

function matches({ record, now }: Seen<UnfinishedRecord>, query: ListQuery): boolean {
  const state = visibleState(record, now);
  const wanted = query.states.size === 0 || (state !== undefined && query.states.has(state));
  return wanted && now - record.updatedAt >= query.olderThan;
}

function instantIn(reply: unknown): EpochMs {
  return msOf(epochUs(Number(String(reply))));
}
