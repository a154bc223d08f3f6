import * as z from "zod";
import {
  LEASE_MS_MAX,
  LEASE_MS_MIN,
  NAMESPACE_PATTERN,
  RESULT_BYTES_MAX,
  RETENTION_MS_MAX,
  RETENTION_MS_MIN,
  TOMBSTONE_MS_MAX,
  WAIT_MS_MAX,
} from "../base/limits.ts";
import { LOG_FORMATS, LOG_LEVELS } from "../base/log-level.ts";
import { describeLeaseNodes, parseLeaseNodes } from "./lease-nodes-setting.ts";
import { describeStore, parseStore } from "./store-setting.ts";
import { duration, fileMode, flag, integer, listenAddress, names, size } from "./values.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 86_400 * SECOND;

/** One setting: its environment variable is `ONCEWARD_` + its name in capitals; in the file it goes by its name. */
export interface Setting<T> {
  readonly schema: z.ZodType<T>;
  /** As it would be written. */
  readonly default: string;
  readonly meaning: string;
  /** Shows an effective value without its secrets; absent = as it was written. */
  mask?(value: T): string;
}

export function setting<T>(
  schema: z.ZodType<T>,
  fallback: string,
  meaning: string,
  mask?: (value: T) => string,
): Setting<T> {
  return { schema, default: fallback, meaning, ...(mask && { mask }) };
}

/** Policies that a namespace may set for itself; elsewhere the process's own hold. */
export const POLICIES = {
  lease: setting(duration({ min: LEASE_MS_MIN, max: LEASE_MS_MAX }), "30s", "Lease of an attempt that names none."),
  lease_total: setting(
    duration({ min: LEASE_MS_MIN, max: 30 * DAY }),
    "24h",
    "Longest an attempt may hold its lease by renewals, from its start.",
  ),
  retention: setting(
    duration({ min: RETENTION_MS_MIN, max: RETENTION_MS_MAX }),
    "24h",
    "How long a finished record's result is replayed, from finishing, unless Begin or Complete says otherwise.",
  ),
  tombstone_retention: setting(
    duration({ min: RETENTION_MS_MIN, max: TOMBSTONE_MS_MAX }),
    "7d",
    "How long a finished record still prevents a second run, from finishing; the body goes with `retention`.",
  ),
  unfinished_retention: setting(
    duration({ min: RETENTION_MS_MIN, max: TOMBSTONE_MS_MAX }),
    "30d",
    "How long an unknown, retryable or dead-lettered record is kept.",
  ),
  backoff_base: setting(
    duration({ min: 1, max: 60 * MINUTE }),
    "1s",
    "First ceiling of the full-jitter exponential back-off after a retryable failure.",
  ),
  backoff_cap: setting(duration({ min: 1, max: DAY }), "5m", "Highest ceiling of that back-off."),
  fail_open: setting(
    flag,
    "false",
    "Answer STARTED without a token (`unguarded`) when the store is unreachable: the effect may then run twice.",
  ),
} as const;

export const SETTINGS = {
  listen: setting(listenAddress, "127.0.0.1:7600", "gRPC listener: host:port (port 0 picks one) or unix:/path."),
  ops_listen: setting(listenAddress, "127.0.0.1:7601", "Listener of /livez, /readyz and /metrics."),
  socket_mode: setting(
    fileMode,
    "600",
    "Who may connect to a listener on unix:/path, as chmod takes it: 600 = the same user only, 666 = everybody.",
  ),
  store: setting(
    parsed(parseStore),
    "embedded:./.onceward",
    "Where records live: embedded:<directory>, one Redis (redis://, rediss://, redis+unix:///path), " +
      "or independent shards (a=redis://h1,b=redis://h2).",
    describeStore,
  ),
  ...POLICIES,
  result_inline: setting(
    size({ min: 0, max: RESULT_BYTES_MAX }),
    "256KiB",
    "Longest result body that is kept; of a longer one only size and digest are.",
  ),
  checkpoint_inline: setting(size({ min: 0, max: RESULT_BYTES_MAX }), "64KiB", "Longest checkpoint that is taken."),
  wait_max: setting(duration({ min: 0, max: WAIT_MS_MAX }), "30s", "Longest a Begin, Get or Acquire may ask to wait."),
  waiters: setting(integer({ min: 0, max: 100_000 }), "1000", "Calls that may wait at once in this process."),
  waiters_per_record: setting(
    integer({ min: 0, max: 100_000 }),
    "100",
    "Calls that may wait at once for one record or lease.",
  ),
  in_flight: setting(
    integer({ min: 8, max: 1_000_000 }),
    "4096",
    "Calls in flight at once; the last eighth is kept for Complete, Renew, Checkpoint and Release.",
  ),
  drain: setting(duration({ min: 0, max: 10 * MINUTE }), "1500ms", "How long running calls may go on after SIGTERM."),
  lease_nodes: setting(
    parsed(parseLeaseNodes),
    "",
    "Independent Redis masters of the leases (LeaseService), an odd number up to 7 separated by commas: " +
      "a majority has to agree. None = the store itself is the only node. The same for every sidecar.",
    describeLeaseNodes,
  ),
  lease_ttl: setting(
    duration({ min: LEASE_MS_MIN, max: LEASE_MS_MAX }),
    "30s",
    "Length of a LeaseService lease whose Acquire names none.",
  ),
  lease_ttl_max: setting(
    duration({ min: SECOND, max: LEASE_MS_MAX }),
    "5m",
    "Longest a LeaseService lease may be asked for; renewals have no total. The same for every sidecar: " +
      "a lease node that has lost its data is kept out for as long.",
  ),
  lease_clock_floor: setting(
    flag,
    "true",
    "No token of a lease node is below its clock, so that tokens rise even when every lease node has lost its data.",
  ),
  lease_node_timeout: setting(
    duration({ min: 10, max: 10 * SECOND }),
    "150ms",
    "Longest wait for one lease node before it counts as not having voted.",
  ),
  fingerprint_secrets: setting(
    secretsSchema(),
    "",
    "Secrets that turn fingerprints into HMACs: id=base64,id=base64; the first is used, the others are still compared.",
    (secrets) => secrets.map(({ id }) => `${id}=***`).join(","),
  ),
  redis_command_timeout: setting(
    duration({ min: 10, max: MINUTE }),
    "1s",
    "Longest wait for a Redis reply before the call is UNAVAILABLE.",
  ),
  redis_connect_timeout: setting(duration({ min: 10, max: MINUTE }), "1s", "Longest wait for a connection to Redis."),
  strict: setting(
    flag,
    "false",
    "Refuse to serve when Redis may lose or has lost records (eviction, no persistence, a flush), rather than warn.",
  ),
  log_level: setting(z.enum(LOG_LEVELS), "info", "Least severe event that is logged; duplicates are at `debug`."),
  log_format: setting(
    z.enum(LOG_FORMATS),
    "auto",
    "`json`: a line an event; `pretty`: for people; `auto`: for people where stdout is a terminal.",
  ),
  log_redact: setting(
    names,
    "",
    "Fields of log lines whose values are not written, separated by commas, such as `actor,reason`.",
  ),
} as const;

export type SettingName = keyof typeof SETTINGS;
type Values<Table extends Record<string, Setting<unknown>>> = {
  readonly [N in keyof Table]: z.output<Table[N]["schema"]>;
};

export type Policies = Values<typeof POLICIES>;
export interface Settings extends Values<typeof SETTINGS> {
  /** What single namespaces say otherwise. */
  readonly namespaces: ReadonlyMap<string, Partial<Policies>>;
}

export function isNamespace(name: string): boolean {
  return NAMESPACE_PATTERN.test(name);
}

/** The policies of one namespace: its own, else the process's. */
export function policiesOf(settings: Settings, namespace: string): Policies {
  const own = settings.namespaces.get(namespace);
  return own === undefined ? settings : { ...settings, ...own };
}

/** What a parser makes of a text; the message of what it throws says what is wrong. */
function parsed<T>(parse: (text: string) => T): z.ZodType<T> {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : "cannot be read");
      return z.NEVER;
    }
  });
}

/** Least a secret must hold, bytes: HMAC-SHA-256 with less is guessable. */
const SECRET_BYTES_MIN = 16;

interface NamedSecret {
  readonly id: string;
  readonly secret: Uint8Array;
}

function secretsSchema(): z.ZodType<readonly NamedSecret[]> {
  return z.string().transform((text, context) => {
    const secrets: NamedSecret[] = [];
    for (const part of text === "" ? [] : text.split(",")) {
      const [, id, encoded] = /^\s*([a-zA-Z0-9_-]{1,32})=([A-Za-z0-9+/_-]+={0,2})\s*$/.exec(part) ?? [];
      const secret = Buffer.from(encoded ?? "", "base64");
      if (id === undefined || secret.length < SECRET_BYTES_MIN) {
        context.addIssue(`must be id=base64 of at least ${SECRET_BYTES_MIN} bytes, separated by commas`);
        return z.NEVER;
      }
      secrets.push({ id, secret });
    }
    if (new Set(secrets.map(({ id }) => id)).size !== secrets.length) context.addIssue("names one id twice");
    return secrets;
  });
}
