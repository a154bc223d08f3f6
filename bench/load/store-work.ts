import { openStore } from "../../src/app/compose.ts";
import { durationMs, type FencingToken } from "../../src/base/units.ts";
import { loadSettings } from "../../src/config/load.ts";
import type { BeginCommand } from "../../src/domain/begin.ts";
import type { CompleteCommand } from "../../src/domain/complete.ts";
import type { Retention } from "../../src/domain/record.ts";
import { storeResult } from "../../src/domain/result.ts";
import type { IdempotencyStore } from "../../src/store/port.ts";
import { silentLogger } from "../../src/telemetry/logger.ts";
import { expectAnswer, type Work } from "./loops.ts";
import {
  FINGERPRINT_ALGORITHM,
  LEASE_MS,
  RETENTION_MS,
  randomFingerprint,
  randomKey,
  randomResult,
} from "./payloads.ts";

/** As long as the defaults of the settings: nothing expires while we look. */
const RETENTION = {
  result: durationMs(RETENTION_MS),
  tombstone: durationMs(7 * RETENTION_MS),
  unfinished: durationMs(30 * RETENTION_MS),
};
const BACKOFF = { base: durationMs(1000), cap: durationMs(300_000) };
const INLINE_BYTES_MAX = 256 * 1024;

/** A store as a sidecar opens it. */
export function openStoreOf(setting: string): Promise<IdempotencyStore> {
  return openStore(loadSettings({ ONCEWARD_STORE: setting }).settings, silentLogger);
}

export function beginCommand(digest: Uint8Array, retention: Retention = RETENTION): BeginCommand {
  return {
    fingerprints: [{ algorithm: FINGERPRINT_ALGORITHM, digest }],
    attemptId: randomKey(),
    owner: "",
    leaseFor: durationMs(LEASE_MS),
    retentionFor: durationMs(0),
    lapsePolicy: "take_over",
    maxAttempts: 0,
    ordering: undefined,
    traceparent: "",
    retention,
  };
}

export function completeCommand(token: FencingToken, retention: Retention = RETENTION): CompleteCommand {
  const result = { body: randomResult(), contentType: "", metadata: {}, reference: "" };
  return {
    token,
    kind: "succeeded",
    result: storeResult(result, INLINE_BYTES_MAX),
    error: "",
    retryAfter: durationMs(0),
    backoff: BACKOFF,
    jitter: 0,
    retentionFor: durationMs(0),
    retention,
  };
}

/** Pairs of Begin and Complete, straight through the store port. */
export function storeWork(store: IdempotencyStore): Work {
  return {
    async step(stopwatch) {
      const address = { namespace: "default", operation: "charge", stream: "", key: randomKey() };
      const begun = await stopwatch.time("Begin", () => store.begin(address, beginCommand(randomFingerprint())));
      if (begun.kind !== "started") throw new Error(`Begin of a new record: ${begun.kind}`);
      const complete = () => store.complete(address, completeCommand(begun.record.token));
      const completed = await stopwatch.time("Complete", complete);
      expectAnswer("Complete", completed.kind, "stored");
    },
  };
}
