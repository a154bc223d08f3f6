import { createClient } from "@redis/client";
import { type Guard, guardWork } from "./guard.ts";
import { expectAnswer, type Work } from "./loops.ts";
import { LEASE_MS, RETENTION_MS, randomKey, randomTextResult } from "./payloads.ts";
import { loadPowertools, loadPowertoolsCache } from "./peers.ts";
import type { GuardCalls } from "./protocol.ts";

interface Asked {
  readonly key: string;
  /** How often the effect ran. */
  runs: number;
}

/** What it takes for the time that a Lambda function has left: its lease. */
const CONTEXT = { getRemainingTimeInMillis: () => LEASE_MS };

/**
 * AWS Powertools as its manual shows it, with the client its manual names. The key is the whole argument, so that it
 * need not be searched for; payloads are not compared, since version 2.35.0 then refuses every duplicate.
 */
export async function powertoolsWork(socket: string, calls: GuardCalls): Promise<Work> {
  const { IdempotencyConfig, makeIdempotent } = loadPowertools();
  const { CachePersistenceLayer } = loadPowertoolsCache();
  const client = await createClient({ socket: { path: socket, tls: false } }).connect();
  const effect = async (_key: string, _context: typeof CONTEXT, asked: Asked) => {
    asked.runs++;
    return randomTextResult();
  };
  const once = makeIdempotent(effect, {
    persistenceStore: new CachePersistenceLayer({ client }),
    config: new IdempotencyConfig({ expiresAfterSeconds: RETENTION_MS / 1000 }),
    keyPrefix: "charge",
  });
  const guard: Guard<Asked> = {
    fresh: () => ({ key: randomKey(), runs: 0 }),
    async first(asked, stopwatch) {
      await stopwatch.time("first call", () => once(asked.key, CONTEXT, asked), 2);
      expectAnswer("the runs of a new key", asked.runs, 1);
    },
    async again(asked, stopwatch) {
      await stopwatch.time("duplicate", () => once(asked.key, CONTEXT, asked));
      expectAnswer("the runs after a duplicate", asked.runs, 1);
    },
  };
  return guardWork(guard, calls);
}
