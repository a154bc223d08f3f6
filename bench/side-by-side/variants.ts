import type { Calls } from "../load/protocol.ts";

/** One thing that is measured beside the others. Each has a server process of its own: none warms another up. */
export type Variant = { readonly name: string; readonly title: string } & (
  | { readonly serves: "echo" | "embedded" | "redis"; readonly calls: Calls }
  /** Without a sidecar, straight from the load process: the only server is Redis. */
  | { readonly serves: "script"; readonly calls: "pairs" | "replays" }
  | { readonly serves: "store"; readonly calls: "pairs" }
);

/** What everything is compared with, and what is compared with it to see how far two copies of one thing lie apart. */
export const ECHO = "echo";
export const ECHO_COPY = "echo-copy";
/** What the work of Redis is compared with. */
export const SCRIPT = "script";
export const SCRIPT_REPLAY = "script-replay";
/** What is compared with it: called the same way, since a Redis that is called seldom takes longer for each call. */
export const STORE = "redis-store";

const VARIANTS: readonly Variant[] = [
  { name: ECHO, title: "empty gRPC echo, twice", serves: "echo", calls: "echoes" },
  { name: ECHO_COPY, title: "the same again (A/A)", serves: "echo", calls: "echoes" },
  { name: "embedded", title: "onceward, embedded: Begin, Complete", serves: "embedded", calls: "pairs" },
  { name: "redis", title: "onceward, Redis: Begin, Complete", serves: "redis", calls: "pairs" },
  { name: SCRIPT, title: "bare scripts on the same Redis", serves: "script", calls: "pairs" },
  { name: STORE, title: "onceward's Redis store, no sidecar", serves: "store", calls: "pairs" },
  { name: "redis-begin", title: "onceward, Redis: Begin alone", serves: "redis", calls: "begins" },
  { name: "embedded-replay", title: "onceward, embedded: a duplicate", serves: "embedded", calls: "replays" },
  { name: "redis-replay", title: "onceward, Redis: a duplicate", serves: "redis", calls: "replays" },
  { name: SCRIPT_REPLAY, title: "bare script: a duplicate", serves: "script", calls: "replays" },
  { name: "embedded-batch", title: "onceward, embedded: batches of 100", serves: "embedded", calls: "batches" },
  { name: "redis-batch", title: "onceward, Redis: batches of 100", serves: "redis", calls: "batches" },
];

export const VARIANT_NAMES: readonly string[] = VARIANTS.map(({ name }) => name);

/** Those that were asked for, and the echo: without it there is no ratio. */
export function chosen(only: readonly string[] | undefined): readonly Variant[] {
  return VARIANTS.filter(({ name }) => only === undefined || name === ECHO || only.includes(name));
}

/** Whether two calls of the variant make a pair. */
export function makesPairs({ calls }: Variant): boolean {
  return calls === "pairs" || calls === "batches" || calls === "echoes";
}
