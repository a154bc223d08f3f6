import { type Guard, guardWork } from "./guard.ts";
import { expectAnswer, type Work } from "./loops.ts";
import { RETENTION_MS, randomFingerprint, randomKey, randomTextResult } from "./payloads.ts";
import { loadNodeIdempotency, loadNodeIdempotencyRedis } from "./peers.ts";
import type { GuardCalls } from "./protocol.ts";

/** @node-idempotency/core with its own Redis adapter, called as its middleware calls it. */
export async function nodeIdempotencyWork(socket: string, calls: GuardCalls): Promise<Work> {
  const { Idempotency } = loadNodeIdempotency();
  const { RedisStorageAdapter } = loadNodeIdempotencyRedis();
  const storage = new RedisStorageAdapter({ socket: { path: socket } });
  await storage.connect();
  const idempotency = new Idempotency(storage, { cacheTTLMS: RETENTION_MS });
  const request = () => ({
    headers: { "idempotency-key": randomKey() },
    method: "POST",
    path: "/charge",
    body: { payload: randomFingerprint().toString("hex") },
  });
  const guard: Guard<ReturnType<typeof request>> = {
    fresh: request,
    async first(asked, stopwatch) {
      const known = await stopwatch.time("onRequest", () => idempotency.onRequest(asked));
      expectAnswer("onRequest of a new key", known, undefined);
      await stopwatch.time("onResponse", () => idempotency.onResponse(asked, { body: randomTextResult() }));
    },
    async again(asked, stopwatch) {
      const known = await stopwatch.time("onRequest", () => idempotency.onRequest(asked));
      expectAnswer("onRequest of a duplicate", typeof known?.body, "string");
    },
  };
  return guardWork(guard, calls);
}
