/** What a lease node's server says of itself, and what an operator should know of it. */

import { OncewardError } from "../../base/errors.ts";
import type { Connection } from "../redis-client/connection.ts";
import { MARKER_KEY, NEW_KEY, WEAKENED_KEY } from "./keys.ts";
import { type Marker, parseMarker } from "./marker.ts";

interface Finding {
  readonly code: "MAXMEMORY_POLICY" | "NOT_MASTER" | "NOT_AOF_ALWAYS";
  readonly message: string;
}

/** What is seen of a node that answers. */
export interface Sight {
  readonly runId: string;
  readonly isMaster: boolean;
  /** Every write is on disk before it is answered, as far as that can be read. */
  readonly keepsAll: boolean;
  /** How long the server has been running at least, ms. */
  readonly ranForMs: number;
  /** An operator says that no lease of it can be left. */
  readonly isNew: boolean;
  /** Generations of nodes that keep no longer all, as this one was told. */
  readonly weakened: readonly string[];
  /** As it is stored; empty = none. */
  readonly text: string;
  readonly marker: Marker | undefined;
  readonly findings: readonly Finding[];
}

/** @throws STORE_UNAVAILABLE when it gives no answer, or does not allow INFO. */
export async function inspect(connection: Connection): Promise<Sight> {
  const [info, marker, isNew, weakened, sync] = await Promise.all([
    connection.send("info"),
    connection.send("get", MARKER_KEY),
    connection.send("exists", NEW_KEY),
    connection.send("smembers", WEAKENED_KEY),
    connection.send("config", "GET", "*appendfsync*").catch(unlessForbidden), // as mostly where Redis is rented
  ]);
  const text = marker === null ? "" : String(marker);
  return {
    ...serverOf(String(info), sync),
    text,
    marker: parseMarker(text),
    isNew: isNew === 1,
    weakened: Array.isArray(weakened) ? weakened.map(String) : [],
  };
}

/** @throws what is no refusal: a setting that was not read is no weaker one. */
function unlessForbidden(fault: unknown): readonly string[] {
  const { cause } = fault instanceof OncewardError ? fault : {};
  if (cause instanceof Error && cause.name === "ReplyError") return [];
  throw fault;
}

function serverOf(info: string, sync: unknown): Omit<Sight, "text" | "marker" | "isNew" | "weakened"> {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? "";
  const settings = new Map(Array.isArray(sync) ? pairs(sync.map(String)) : []);
  const policy = field("maxmemory_policy");
  const role = field("role");
  const keepsAll =
    field("aof_enabled") === "1" &&
    settings.get("appendfsync") === "always" &&
    settings.get("no-appendfsync-on-rewrite") === "no";
  const findings: Finding[] = [];
  if (policy !== "noeviction") {
    const message = `maxmemory-policy is ${policy}: a full Redis may drop locks and the fence; set noeviction`;
    findings.push({ code: "MAXMEMORY_POLICY", message });
  }
  if (role !== "master") {
    findings.push({ code: "NOT_MASTER", message: `its role is ${role}: lease nodes are independent masters` });
  }
  if (!keepsAll) {
    const message = "it is not known to sync every write (AOF, appendfsync always): after a restart it waits to vote";
    findings.push({ code: "NOT_AOF_ALWAYS", message });
  }
  const runId = field("run_id");
  const ranForMs = Number(field("uptime_in_seconds")) * 1000;
  return { runId, isMaster: role === "master", keepsAll, ranForMs, findings };
}

/** A flat list of names and values as pairs. */
export function pairs(flat: readonly string[]): [name: string, value: string][] {
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, n) => [flat[2 * n] ?? "", flat[2 * n + 1] ?? ""]);
}
