/** What is said about a Redis by its own INFO, and by CONFIG where that may be read: findings for an operator. */
import { type EpochMs, epochMs } from "../../base/units.ts";
import type { Removed } from "../port.ts";

type FindingCode =
  | "MAXMEMORY_POLICY"
  | "NO_PERSISTENCE"
  | "NOT_MASTER"
  | "OLD_VERSION"
  | "CLOCK_SKEW"
  | "NOT_INSPECTED";

export interface Finding {
  readonly code: FindingCode;
  readonly message: string;
}

/** What survives a crash, from most to least. `snapshots` lose everything since the last one. */
export type Persistence = "aof_always" | "aof_everysec" | "aof_no" | "aof_unknown" | "snapshots" | "none";

export interface ServerFacts {
  readonly runId: string;
  readonly uptimeMs: number;
  readonly version: string;
  readonly role: string;
  readonly maxmemoryPolicy: string;
  readonly persistence: Persistence;
  /** By the server's clock: what was written before is in its last snapshot; 0 = not readable. */
  readonly snapshotAt: EpochMs;
  /** Keys that the server has taken out since it started. */
  readonly removed: Removed;
}

/** SET PXAT and ZRANGE BYSCORE came with 6.2. */
const VERSION_MIN: readonly [major: number, minor: number] = [6, 2];

/** A sidecar's clock further off than this makes its log and its gap windows misleading; nothing is decided by it. */
const SKEW_MS_MAX = 1000;

/** What an acknowledgement is worth. */
export const DURABILITY: Readonly<Record<Persistence, string>> = {
  aof_always: "aof always: what is acknowledged is on disk",
  aof_everysec: "aof everysec: up to about 1 s of acknowledged writes can be lost with the machine",
  aof_no: "aof, synced by the operating system: up to about 30 s of acknowledged writes can be lost with the machine",
  aof_unknown:
    "aof, its sync policy not readable: acknowledged writes of a second or more can be lost with the machine",
  snapshots: "snapshots only: a crash loses every acknowledged write since the last one",
  none: "none: a restart loses everything",
};

/** `info` is the reply of INFO; `config` what CONFIG GET said, or undefined where that is forbidden. */
export function serverFacts(info: string, config: ReadonlyMap<string, string> | undefined): ServerFacts {
  const fields = new Map(
    info.split(/\r?\n/).flatMap((line): [string, string][] => {
      const colon = line.indexOf(":");
      return colon < 0 || line.startsWith("#") ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
    }),
  );
  const field = (name: string) => fields.get(name) ?? "";
  return {
    runId: field("run_id"),
    uptimeMs: Number(field("uptime_in_seconds")) * 1000,
    version: field("redis_version"),
    role: field("role"),
    maxmemoryPolicy: field("maxmemory_policy"),
    persistence: persistenceOf(field, config),
    snapshotAt: snapshotAtOf(field),
    removed: { expired: Number(field("expired_keys")) || 0, evicted: Number(field("evicted_keys")) || 0 },
  };
}

/** The server says, in seconds, when its last snapshot was done and how long it took. A server that has just started
 * gives the time of its start, when all that it had loaded was on disk. */
function snapshotAtOf(field: (name: string) => string): EpochMs {
  const done = Number(field("rdb_last_save_time")) || 0;
  const took = Math.max(0, Number(field("rdb_last_bgsave_time_sec")) || 0);
  return epochMs(Math.max(0, done - took - 1) * 1000);
}

function persistenceOf(field: (name: string) => string, config: ReadonlyMap<string, string> | undefined): Persistence {
  if (field("aof_enabled") === "1") {
    switch (config?.get("appendfsync")) {
      case "always":
        return "aof_always";
      case "everysec":
        return "aof_everysec";
      case "no":
        return "aof_no";
      default:
        return "aof_unknown";
    }
  }
  const save = config?.get("save");
  // Where the configuration is hidden, a server that has taken a snapshot since it started takes snapshots.
  const snapshots = save === undefined ? Number(field("rdb_saves") || 0) > 0 : save !== "";
  return snapshots ? "snapshots" : "none";
}

/** `skewMs` is how far this machine's clock is ahead of the server's, give or take `errorMs`. */
export function findingsOf(facts: ServerFacts, skewMs: number, errorMs: number): Finding[] {
  const findings: Finding[] = [];
  const find = (code: FindingCode, message: string) => findings.push({ code, message });
  if (facts.maxmemoryPolicy !== "noeviction") {
    find(
      "MAXMEMORY_POLICY",
      `maxmemory-policy is ${facts.maxmemoryPolicy || "not readable"}: a full Redis may drop records; set noeviction`,
    );
  }
  if (facts.persistence === "none") {
    find("NO_PERSISTENCE", "neither AOF nor snapshots are on: a restart loses every record; set appendonly yes");
  }
  if (facts.role !== "master") {
    find("NOT_MASTER", `its role is ${facts.role || "not readable"}: nothing can be written; name the master`);
  }
  if (!isRecent(facts.version)) {
    find("OLD_VERSION", `Redis ${facts.version || "of unknown version"} is older than ${VERSION_MIN.join(".")}`);
  }
  if (Math.abs(skewMs) > SKEW_MS_MAX + errorMs) {
    const way = skewMs > 0 ? "ahead of" : "behind";
    find("CLOCK_SKEW", `this machine's clock is about ${Math.round(Math.abs(skewMs) / 1000)} s ${way} the server's`);
  }
  return findings;
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > VERSION_MIN[0] || (major === VERSION_MIN[0] && minor >= VERSION_MIN[1]);
}
