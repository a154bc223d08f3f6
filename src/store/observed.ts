import { monotonicMs } from "../base/clock.ts";
import { OncewardError } from "../base/errors.ts";
import type { RecordAddress, StreamAddress } from "../domain/address.ts";
import type { Durations } from "../telemetry/durations.ts";
import { SPANS, type SpanAttributes } from "../telemetry/spans.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import type { IdempotencyStore, SequenceStore } from "./port.ts";

interface Observers {
  readonly durations: Durations;
  readonly tracing: Tracing;
}

/** Where a call goes, or many go at once. */
type Where = RecordAddress | ReadonlyArray<{ readonly at: RecordAddress }>;
type Around = <T>(transition: string, where: Where, call: () => Promise<T>) => Promise<T>;

/**
 * Any store, with each transition timed, and as a span of the call that runs where that one is traced. Promises are
 * handed through as they are: nobody's answer comes a turn later for it.
 */
export function observedStore(store: IdempotencyStore, observers: Observers): IdempotencyStore {
  const around = observing(store, observers);
  return {
    begin: (at, command, options) => around("begin", at, () => store.begin(at, command, options)),
    complete: (at, command) => around("complete", at, () => store.complete(at, command)),
    beginMany: (asks) => around("begin_many", asks, () => store.beginMany(asks)),
    completeMany: (asks) => around("complete_many", asks, () => store.completeMany(asks)),
    renew: (at, command) => around("renew", at, () => store.renew(at, command)),
    checkpoint: (at, command) => around("checkpoint", at, () => store.checkpoint(at, command)),
    release: (at, command) => around("release", at, () => store.release(at, command)),
    resolve: (at, command) => around("resolve", at, () => store.resolve(at, command)),
    forget: (at, command) => around("forget", at, () => store.forget(at, command)),
    get: (at, options) => around("get", at, () => store.get(at, options)),
    sequences: observedSequences(store.sequences, around),
    list: (query) => store.list(query),
    census: (query) => store.census(query),
    watch: (at, wake) => store.watch(at, wake),
    shardOf: (at) => store.shardOf(at),
    status: () => store.status(),
    close: () => store.close(),
  };
}

function observedSequences(sequences: SequenceStore, around: Around): SequenceStore {
  const record = (at: StreamAddress): RecordAddress => ({ ...at, operation: "", key: "" });
  return {
    advance: (at, command) => around("advance", record(at), () => sequences.advance(at, command)),
    reset: (at, command) => around("reset", record(at), () => sequences.reset(at, command)),
    read: (at) => around("standing", record(at), () => sequences.read(at)),
  };
}

function observing(store: IdempotencyStore, { durations, tracing }: Observers): Around {
  const system: SpanAttributes =
    store.status().kind === "redis"
      ? { "db.system.name": "redis", "db.operation.name": "EVALSHA" }
      : { "db.system.name": "leveldb" };
  return (transition, where, call) => {
    const began = monotonicMs();
    const span = tracing.current()?.child(`${SPANS.store} ${transition}`, "client", {
      ...system,
      "db.stored_procedure.name": transition.replace("_many", ""),
      ...placed(store, where),
    });
    const ended = (reason: string) => {
      durations.observe(transition, reason, monotonicMs() - began);
      span?.end(reason === "" ? undefined : reason);
    };
    const answer = call();
    answer.then(
      (outcome) => ended(Array.isArray(outcome) ? reasonOfAll(outcome) : ""),
      (error: unknown) => ended(reasonOf(error)),
    );
    return answer;
  };
}

function placed(store: IdempotencyStore, where: Where): SpanAttributes {
  if ("namespace" in where) return { "onceward.shard": store.shardOf(where) };
  const shards = [...new Set(where.map(({ at }) => store.shardOf(at)))];
  return { "onceward.shard": shards.join(), "db.operation.batch.size": where.length };
}

function reasonOf(error: unknown): string {
  return error instanceof OncewardError ? error.code : "INTERNAL";
}

/** Many calls have failed where the first of them has and no other was answered. */
function reasonOfAll(settled: ReadonlyArray<PromiseSettledResult<unknown>>): string {
  const [first] = settled;
  if (first?.status !== "rejected" || settled.some(({ status }) => status === "fulfilled")) return "";
  return reasonOf(first.reason);
}
