/** What a sidecar sees when it looks at a shard: whose stamps, which data, and what the server says of itself. */

import type { Clock } from "../../base/clock.ts";
import { uniqueId } from "../../base/random.ts";
import type { Slot } from "../../base/units.ts";
import { LAYOUT_VERSION } from "../packed.ts";
import type { Connection } from "../redis-client/connection.ts";
import { RespWriter } from "../redis-client/resp-writer.ts";
import type { Script } from "../redis-client/script.ts";
import { type Finding, findingsOf, type ServerFacts, serverFacts } from "./inspect.ts";
import { writeHeaderKeys } from "./key-pattern.ts";
import { ACCEPT_LOSS_KEY, GENERATION_KEY } from "./keys.ts";
import type { ShardTable } from "./table.ts";

/** Headers read by one command: enough to be quick, few enough not to hold others up. */
const HEADERS_PER_READ = 1024;

/** Names the data of a shard from its first stamping, or from its last loss, on. Stored as JSON, for people too. */
export interface Marker {
  readonly layout: number;
  /** Nobody else's: two generations are two sets of data. */
  readonly generation: string;
  readonly shard: string;
  readonly table: readonly string[];
  /** Hexadecimal. */
  readonly stamp: string;
  /** Of the server that was stamped. */
  readonly runId: string;
  /** An operator had accepted the loss of what was here before. */
  readonly accepted: boolean;
  /** Somebody has seen every shard of the table stamped: from then on each is served whatever becomes of the others. */
  readonly tableWon: boolean;
}

interface LookDeps {
  readonly connection: Connection;
  readonly headersScript: Script;
  readonly table: ShardTable;
  /** Of the shard. */
  readonly name: string;
  readonly clock: Clock;
}

/** What one look at a shard amounts to. */
export type Sight =
  /** Never reached since this process started. */
  | { readonly kind: "unseen" }
  /** Neither stamps nor marker. */
  | { readonly kind: "empty" }
  /** Ours, but not whole: `what` is gone. */
  | { readonly kind: "partial"; readonly what: string; readonly tableWon: boolean }
  | { readonly kind: "ours"; readonly generation: string; readonly accepted: boolean; readonly tableWon: boolean }
  /** Of another table, or of another shard of this one. `what` says whose. */
  | { readonly kind: "foreign"; readonly what: string };

export interface Server {
  /** Undefined where INFO is forbidden. */
  readonly facts: ServerFacts | undefined;
  readonly findings: readonly Finding[];
  /** The marker's text as it is stored; empty = there is none. */
  readonly marker: string;
  /** An operator has accepted a loss. */
  readonly acceptLoss: boolean;
}

export interface Look extends Server {
  readonly sight: Sight;
  /** Last token of each slot of the shard, 8 bytes each, in the table's order; 0 where there is no header. */
  readonly lastTokens: Buffer;
}

/** Few commands, whatever the shard holds: for every minute. */
export async function inspect(connection: Connection, clock: Clock): Promise<Server> {
  const text = (reply: unknown) => (Buffer.isBuffer(reply) ? reply.toString() : "");
  const optional = (...command: [string, ...string[]]) => connection.send(...command).catch(() => undefined);
  const asked = clock.now();
  const clockRead = connection.send("time").then((time) => ({ time: time as [Buffer, Buffer], answered: clock.now() }));
  const [{ time, answered }, marker, acceptLoss, info, appendfsync, save] = await Promise.all([
    clockRead,
    connection.send("get", GENERATION_KEY),
    connection.send("exists", ACCEPT_LOSS_KEY),
    optional("info"),
    optional("config", "GET", "appendfsync"),
    optional("config", "GET", "save"),
  ]);
  const serverMs = Number(time[0]) * 1000 + Number(time[1]) / 1000;
  const skewMs = (asked + answered) / 2 - serverMs;
  const config = configOf([appendfsync, save]);
  const facts = info === undefined ? undefined : serverFacts(text(info), config);
  const findings = facts === undefined ? [NOT_INSPECTED] : findingsOf(facts, skewMs, answered - asked);
  return { facts, findings, marker: text(marker), acceptLoss: acceptLoss === 1 };
}

const NOT_INSPECTED: Finding = {
  code: "NOT_INSPECTED",
  message: "INFO is forbidden to this user: whether records are evicted, persisted and written to a master is unknown",
};

function configOf(replies: readonly unknown[]): ReadonlyMap<string, string> | undefined {
  if (replies.includes(undefined)) return undefined;
  const pairs = replies.map((reply) => (reply as readonly Buffer[]).map(String)); // CONFIG GET answers name, value
  return new Map(pairs.map(([name = "", value = ""]) => [name, value]));
}

/**
 * The whole look, at every connection: all headers of the shard too. The marker is read before the headers, since both
 * are written in one step: a header that is missing although the marker was there is missing indeed, and a marker that
 * was not yet there when the headers were has come meanwhile, which the stamping notices.
 */
export async function lookAt({ connection, headersScript, table, name, clock }: LookDeps): Promise<Look> {
  const inspecting = inspect(connection, clock);
  const slots = table.slotsOf(name);
  const reads: Promise<unknown>[] = [];
  for (let from = 0; from < slots.length; from += HEADERS_PER_READ) {
    const command = headersCommand(headersScript, slots.slice(from, from + HEADERS_PER_READ), table.stamp);
    reads.push(connection.runEncoded(headersScript, command));
  }
  const [server, ...read] = await Promise.all([inspecting, ...reads]);
  const answers = read as HeadersReply[]; // what headers.lua says under Returns
  const headers = {
    count: slots.length,
    missing: answers.reduce((sum, [missing]) => sum + missing, 0),
    other: answers.find(([, other]) => other !== null)?.[1] ?? undefined,
  };
  const lastTokens = Buffer.concat(answers.map(([, , tokens]) => tokens));
  return { ...server, lastTokens, sight: sightOf(headers, server.marker, table, name) };
}

function headersCommand(script: Script, slots: readonly Slot[], stamp: Buffer): Buffer {
  const out = new RespWriter();
  out.array(3 + slots.length + 1); // what stands before the keys, they, and the stamp
  out.text("EVALSHA");
  out.text(script.sha);
  out.argument(slots.length);
  writeHeaderKeys(out, slots);
  out.bytes(stamp);
  return out.finish();
}

type HeadersReply = readonly [missing: number, other: Buffer | null, tokens: Buffer];

/** Of all slots of a shard. */
export interface Headers {
  readonly count: number;
  readonly missing: number;
  /** The first stamp that is not ours; undefined = there is none. */
  readonly other: Buffer | undefined;
}

export function sightOf(
  { count, missing, other }: Headers,
  markerText: string,
  table: ShardTable,
  name: string,
): Sight {
  const marker = parseMarker(markerText);
  const whose = marker === undefined ? "an unknown table" : `the table of ${marker.table.join(", ")}`;
  const ours = `this sidecar's table is ${table.names.join(", ")} (stamp ${table.stamp.toString("hex")})`;
  if (other !== undefined) {
    return { kind: "foreign", what: `it is stamped for ${whose} (stamp ${other.toString("hex")}); ${ours}` };
  }
  if (marker !== undefined && marker.stamp !== table.stamp.toString("hex")) {
    return { kind: "foreign", what: `it is marked for ${whose} (stamp ${marker.stamp}); ${ours}` };
  }
  if (marker !== undefined && marker.shard !== name) {
    return {
      kind: "foreign",
      what: `it holds shard ${marker.shard} of this table: two addresses are swapped or equal`,
    };
  }
  if (missing === count && markerText === "") return { kind: "empty" };
  const tableWon = marker?.tableWon === true;
  if (missing > 0) return { kind: "partial", what: `${missing} of ${count} slot headers are gone`, tableWon };
  if (marker === undefined) return { kind: "partial", what: "the marker of its generation is gone", tableWon };
  return { kind: "ours", generation: marker.generation, accepted: marker.accepted, tableWon };
}

/** It says that every shard of its table was seen stamped, once. */
export function isOfWonTable(sight: Sight): boolean {
  return (sight.kind === "ours" || sight.kind === "partial") && sight.tableWon;
}

/** The marker's text once the whole table is won; the data it names is the same. */
export function wonMarker(text: string): string {
  return JSON.stringify({ ...parseMarker(text), tableWon: true });
}

export function newMarker(table: ShardTable, of: Pick<Marker, "shard" | "runId" | "accepted" | "tableWon">): Marker {
  const { names, stamp } = table;
  return { layout: LAYOUT_VERSION, generation: uniqueId(), table: names, stamp: stamp.toString("hex"), ...of };
}

/** Undefined for anything that is not a marker of ours. */
function parseMarker(text: string): Marker | undefined {
  try {
    const marker: Partial<Marker> | null = JSON.parse(text);
    const whole =
      typeof marker?.generation === "string" &&
      typeof marker.shard === "string" &&
      typeof marker.stamp === "string" &&
      Array.isArray(marker.table);
    return whole ? (marker as Marker) : undefined;
  } catch {
    return undefined;
  }
}
