import type { Calls, GuardCalls, Peer } from "../load/protocol.ts";
import type { Level } from "../servers/switched/levels.ts";

/**
 * One thing that is measured beside the others. Each has a server process of its own, so that none warms another up;
 * but those with a level of `telemetry` share one, which is switched from one level to the other.
 */
export type Variant = { readonly name: string; readonly title: string; readonly telemetry?: Level } & Served;

type Served =
  | { readonly serves: "echo" | "embedded" | "redis" | "redis-3"; readonly calls: Calls }
  /** A sidecar on Redis, asked through one stream or through our TypeScript client. */
  | { readonly serves: "session" | "library"; readonly calls: GuardCalls }
  /** Without a sidecar, straight from the load process: the only server is Redis. */
  | { readonly serves: "script" | Peer; readonly calls: GuardCalls }
  | { readonly serves: "packed"; readonly calls: "begins-100" }
  | { readonly serves: "store"; readonly calls: "pairs" };

/** What everything is compared with, and what is compared with it to see how far two copies of one thing lie apart. */
export const ECHO = "echo";
export const ECHO_COPY = "echo-copy";
/** What the work of Redis is compared with. */
export const SCRIPT = "script";
/** What is compared with it: called the same way, since a Redis that is called seldom takes longer for each call. */
export const STORE = "redis-store";
/** Begin alone: one, a hundred, and what a hundred are compared with. */
export const BEGIN = "redis-begin";
export const BEGIN_BATCH = "redis-begin-batch";
export const SCRIPT_BATCH = "script-batch";
/** Begin alone with less telemetry than is shipped, with as much, and with more. */
export const WITHOUT_TELEMETRY = "telemetry-none";
export const WITHOUT_COUNTING = "telemetry-uncounted";
export const COUNTED = "telemetry-counted";
export const TRACED = "telemetry-traced";
/** A duplicate through our client, and through those of others. */
export const LIBRARY_REPLAY = "client-replay";
export const POWERTOOLS_REPLAY = "powertools-replay";
export const NODE_IDEMPOTENCY_REPLAY = "node-idempotency-replay";

const KINDS = { pairs: "", replays: "-replay", mix: "-mix" } as const;
const IN_WORDS = { pairs: "new keys", replays: "duplicates", mix: "5 % duplicates" } as const;

/** New keys, duplicates and a mix of one thing. */
function each(name: string, serves: Exclude<Served["serves"], "packed" | "store">, title: string) {
  return (["pairs", "replays", "mix"] as const).map(
    // The calls are those of all members that `serves` may name, which TypeScript does not see through the spread.
    (calls) => ({ name: `${name}${KINDS[calls]}`, title: `${title}: ${IN_WORDS[calls]}`, serves, calls }) as Variant,
  );
}

/** Begin alone, one and a hundred. */
function telemetry(name: string, level: Level, title: string): Variant[] {
  const one = { name, title: `Begin alone, ${title}`, serves: "redis", calls: "begins", telemetry: level } as const;
  const many = { name: `${name}-batch`, title: `BeginBatch(100) alone, ${title}`, calls: "begins-100" } as const;
  return [one, { ...one, ...many }];
}

const VARIANTS: readonly Variant[] = [
  { name: ECHO, title: "empty gRPC echo", serves: "echo", calls: "echoes" },
  { name: ECHO_COPY, title: "the same again (A/A)", serves: "echo", calls: "echoes" },
  ...each(SCRIPT, "script", "bare scripts on Redis"),
  { name: SCRIPT_BATCH, title: "bare script for 100 keys, pre-encoded: Begin", serves: "packed", calls: "begins-100" },
  { name: STORE, title: "onceward's Redis store, no sidecar", serves: "store", calls: "pairs" },
  ...each("embedded", "embedded", "onceward, embedded"),
  { name: "embedded-batch", title: "onceward, embedded: batches of 100", serves: "embedded", calls: "batches-100" },
  ...each("redis", "redis", "onceward, Redis"),
  { name: BEGIN, title: "onceward, Redis: Begin alone", serves: "redis", calls: "begins" },
  ...telemetry(WITHOUT_TELEMETRY, "none", "no telemetry code runs"),
  ...telemetry(WITHOUT_COUNTING, "uncounted", "tracing off, nothing counted"),
  ...telemetry(COUNTED, "counted", "metrics on"),
  ...telemetry(TRACED, "traced", "1 % traced"),
  { name: BEGIN_BATCH, title: "onceward, Redis: BeginBatch(100) alone", serves: "redis", calls: "begins-100" },
  { name: "redis-batch-10", title: "onceward, Redis: batches of 10", serves: "redis", calls: "batches-10" },
  { name: "redis-batch", title: "onceward, Redis: batches of 100", serves: "redis", calls: "batches-100" },
  { name: "redis-session", title: "onceward, Redis: one Session stream", serves: "session", calls: "pairs" },
  { name: "redis-3", title: "onceward, three shards: new keys", serves: "redis-3", calls: "pairs" },
  { name: "redis-3-batch", title: "onceward, three shards: batches of 100", serves: "redis-3", calls: "batches-100" },
  ...each("client", "library", "onceward, Redis, TypeScript client"),
  ...each("powertools", "powertools", "AWS Powertools in process"),
  ...each("node-idempotency", "node-idempotency", "node-idempotency in process"),
];

export const VARIANT_NAMES: readonly string[] = VARIANTS.map(({ name }) => name);

/** As many as a minute is enough for: what the budgets compare, and one of each store. */
export const QUICK_NAMES: readonly string[] = [
  ECHO,
  ECHO_COPY,
  SCRIPT,
  SCRIPT_BATCH,
  STORE,
  "embedded",
  "redis",
  BEGIN,
  BEGIN_BATCH,
  LIBRARY_REPLAY,
  POWERTOOLS_REPLAY,
  NODE_IDEMPOTENCY_REPLAY,
];

/** Those that were asked for, and the echo: without it there is no ratio. */
export function chosen(names: readonly string[] | undefined): readonly Variant[] {
  return VARIANTS.filter(({ name }) => names === undefined || name === ECHO || names.includes(name));
}

/** Whether two calls of the variant make a pair. */
export function makesPairs({ calls }: Variant): boolean {
  return calls === "pairs" || calls === "batches-10" || calls === "batches-100" || calls === "echoes";
}

/** Whether a call of the variant carries one item only. */
export function isSingle({ calls }: Variant): boolean {
  return !(calls === "batches-10" || calls === "batches-100" || calls === "begins-100");
}
