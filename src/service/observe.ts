/** What is counted, traced and logged of an answer: the one place that looks at outcomes for anybody but the caller. */
import { placeOf, type RecordAddress } from "../domain/address.ts";
import type { BeginOutcome } from "../domain/begin.ts";
import type { CompleteOutcome } from "../domain/complete.ts";
import type { GetOutcome } from "../domain/get.ts";
import type { CallName, OutcomeOf } from "../telemetry/outcomes.ts";
import type { ServiceDeps } from "./context.ts";

type Deps = Pick<ServiceDeps, "tally" | "tracing" | "retryWatch" | "logger" | "settings">;
type Named = Pick<RecordAddress, "namespace"> & Partial<RecordAddress>;

/** Of a call whose outcome says all. */
export function observe<Call extends CallName>(
  { tally, tracing }: Pick<Deps, "tally" | "tracing">,
  address: Named,
  call: Call,
  outcome: OutcomeOf<Call>,
): void {
  tally.count(address.namespace, call, outcome);
  tracing.answered(address, { outcome });
}

export function observeBegin(deps: Deps, address: RecordAddress, outcome: BeginOutcome): void {
  const { tally, tracing } = deps;
  const { namespace } = address;
  tally.count(namespace, "Begin", outcome.kind);
  if (outcome.kind === "started") {
    if (outcome.resumed) tally.countNotable(namespace, "resumed_start");
    else tally.countStart(namespace, outcome.record.attempts);
    if (outcome.takeover) noteTakeover(deps, address, outcome.record.attempts);
  } else if (!("streamEpoch" in outcome)) {
    deps.retryWatch.duplicate(address);
    if (deps.settings.log_level === "debug") logDuplicate(deps, address, outcome.kind);
  }
  if (tracing.active) traceBegin(deps, address, outcome);
}

function traceBegin({ tracing }: Deps, address: RecordAddress, outcome: BeginOutcome): void {
  if (tracing.current() === undefined) return;
  if ("streamEpoch" in outcome) {
    tracing.answered(address, { outcome: outcome.kind });
    return;
  }
  const { kind, record } = outcome;
  const started =
    kind === "started" ? { "onceward.takeover": outcome.takeover, "onceward.resumed": outcome.resumed } : {};
  const attributes = { "onceward.attempt": record.attempts, ...started };
  tracing.answered(address, { outcome: kind, first: record.traceparent, attributes });
}

function noteTakeover({ tally, logger }: Deps, address: RecordAddress, attempt: number): void {
  const { namespace, operation } = address;
  tally.countNotable(namespace, "takeover");
  const record = placeOf(address).id;
  logger.info({ namespace, operation, record, attempt }, "an attempt took over from one whose lease had lapsed");
}

/** The record by its id, which is a hash: the key itself is never logged. */
function logDuplicate({ logger }: Deps, address: RecordAddress, outcome: string): void {
  const { namespace, operation } = address;
  logger.debug({ namespace, operation, record: placeOf(address).id, outcome }, "a duplicate");
}

/** The store gave no answer, and the effect runs all the same. */
export function observeUnguarded({ tally, tracing, logger }: Deps, address: RecordAddress, error: unknown): void {
  tally.count(address.namespace, "Begin", "started");
  tally.countNotable(address.namespace, "unguarded_start");
  tracing.answered(address, { outcome: "started", attributes: { "onceward.unguarded": true } });
  logger.warn({ namespace: address.namespace, err: error }, "the store is unreachable: running unguarded");
}

export function observeComplete({ tally, tracing, logger }: Deps, address: RecordAddress, outcome: CompleteOutcome) {
  const { namespace } = address;
  tally.count(namespace, "Complete", outcome.kind);
  if (outcome.kind === "stored") {
    if (outcome.late) tally.countNotable(namespace, "late_completion");
    if (outcome.restored) {
      tally.countNotable(namespace, "restored_completion");
      logger.warn({ namespace }, "a completion restored a record that the store had lost");
    }
  } else if (outcome.kind === "fenced" || outcome.kind === "superseded") {
    const { operation } = address;
    const about = { namespace, operation, record: placeOf(address).id, outcome: outcome.kind };
    logger.warn(about, "a completion came from an attempt that had been taken over");
  } else if (outcome.kind === "already_stored" && outcome.differs) {
    tally.countNotable(namespace, "differing_completion");
  }
  if (tracing.active) traceComplete(tracing, address, outcome);
}

/** An attempt's own completion is no news to the run it belongs to; a zombie's is. */
function traceComplete(tracing: Deps["tracing"], address: RecordAddress, outcome: CompleteOutcome): void {
  if (tracing.current() === undefined) return;
  if (outcome.kind === "not_found") {
    tracing.answered(address, { outcome: "not_found" });
    return;
  }
  const { kind, record } = outcome;
  const flags = kind === "stored" ? { "onceward.late": outcome.late, "onceward.restored": outcome.restored } : {};
  const attributes = { "onceward.attempt": record.attempts, ...flags };
  tracing.answered(address, { outcome: kind, first: kind === "stored" ? "" : record.traceparent, attributes });
}

export function observeGet({ tally, tracing }: Deps, address: RecordAddress, outcome: GetOutcome): void {
  tally.count(address.namespace, "Get", outcome.kind);
  if (!tracing.active) return;
  const first = outcome.kind === "found" ? outcome.record.traceparent : "";
  tracing.answered(address, { outcome: outcome.kind, first });
}
