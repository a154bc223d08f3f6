/** The service of one process without a wire, over a store of the test's; calls with defaults to override by name. */
import { compose } from "../../src/app/compose.ts";
import { uniqueId } from "../../src/base/random.ts";
import { durationMs, fencingToken } from "../../src/base/units.ts";
import { type Environment, loadSettings } from "../../src/config/load.ts";
import type { Policies } from "../../src/config/settings.ts";
import type { BeginCall } from "../../src/service/begin.ts";
import type { Caller } from "../../src/service/caller.ts";
import type { CompleteCall } from "../../src/service/complete.ts";
import { LeasesOnRecords } from "../../src/store/leases-on-records.ts";
import type { IdempotencyStore, LeaseStore } from "../../src/store/port.ts";
import { type Logger, silentLogger } from "../../src/telemetry/logger.ts";
import { address } from "./commands.ts";

interface Given {
  /** Settings, as variables. */
  readonly env?: Environment;
  /** What single namespaces say otherwise. */
  readonly namespaces?: Readonly<Record<string, Partial<Policies>>>;
  readonly logger?: Logger;
  /** Where leases are kept; in the store itself where a test does not say. */
  readonly leases?: LeaseStore;
}

/** What the operations lean on, chance held in the middle; `stopping` is aborted by the test. */
export function serviceOver(store: IdempotencyStore, given: Given = {}) {
  const { env = {}, namespaces = {}, logger = silentLogger, leases = new LeasesOnRecords(store) } = given;
  const stopping = new AbortController();
  const settings = { ...loadSettings(env).settings, namespaces: new Map(Object.entries(namespaces)) };
  const deps = compose(settings, { store, leases, logger, stopping: stopping.signal });
  return { ...deps, random: () => 0.5, stop: () => stopping.abort() };
}

/** A caller without a deadline who stays, unless the test says otherwise. */
export function caller({ timeLeft = Number.POSITIVE_INFINITY, signal = new AbortController().signal } = {}): Caller {
  return { timeLeft: () => timeLeft, signal: () => signal };
}

type Parts<Call, Durations extends keyof Call> = Partial<Omit<Call, Durations>> & {
  readonly [name in Durations]?: number;
};

/** A Begin of a fresh attempt, without fingerprint. */
export function beginCall(parts: Parts<BeginCall, "leaseFor" | "waitFor" | "retentionFor"> = {}): BeginCall {
  return {
    address: address(),
    fingerprint: undefined,
    attemptId: uniqueId(),
    owner: "worker-1",
    lapsePolicy: "take_over",
    maxAttempts: 0,
    traceparent: "",
    ordering: undefined,
    ...parts,
    leaseFor: durationMs(parts.leaseFor ?? 0),
    waitFor: durationMs(parts.waitFor ?? 0),
    retentionFor: durationMs(parts.retentionFor ?? 0),
  };
}

/** A successful completion with a small result. */
export function completeCall(
  token: bigint,
  parts: Parts<Omit<CompleteCall, "token">, "retryAfter" | "retentionFor"> = {},
): CompleteCall {
  return {
    address: address(),
    kind: "succeeded",
    result: { body: Buffer.from("done"), contentType: "", metadata: {}, reference: "" },
    error: "",
    ...parts,
    token: fencingToken(token),
    retryAfter: durationMs(parts.retryAfter ?? 0),
    retentionFor: durationMs(parts.retentionFor ?? 0),
  };
}
