/** What a lease node's server says of itself, and what an operator should know of it. */
import type { Connection } from "../redis-client/connection.ts";
import { MARKER_KEY } from "./keys.ts";
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
  /** As it is stored; empty = none. */
  readonly text: string;
  readonly marker: Marker | undefined;
  readonly findings: readonly Finding[];
}

/** @throws STORE_UNAVAILABLE when it gives no answer, or does not allow INFO. */
export async function inspect(connection: Connection): Promise<Sight> {
  const [info, marker, sync] = await Promise.all([
    connection.send("info"),
    connection.send("get", MARKER_KEY),
    connection.send("config", "GET", "*appendfsync*").catch(() => []), // mostly forbidden where Redis is rented
  ]);
  return sightOf(String(info), marker === null ? "" : String(marker), sync);
}

function sightOf(info: string, text: string, sync: unknown): Sight {
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
  return { runId, isMaster: role === "master", keepsAll, text, marker: parseMarker(text), findings };
}

/** A flat list of names and values as pairs. */
export function pairs(flat: readonly string[]): [name: string, value: string][] {
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, n) => [flat[2 * n] ?? "", flat[2 * n + 1] ?? ""]);
}
