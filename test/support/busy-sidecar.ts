/** Work on a sidecar in which everything that is measured happens, again and again until it is stopped. */
import { setTimeout as pause } from "node:timers/promises";
import { uniqueId } from "../../src/base/random.ts";
import type { Client } from "./grpc.ts";

const BETWEEN_ROUNDS_MS = 200;

/** In every key, owner and payload: what must be found nowhere. */
export const SECRET = "4111-1111-1111-1111";

const secretKey = () => `${SECRET}-${uniqueId()}`;

export interface Work {
  readonly rounds: () => number;
  stop(): Promise<void>;
}

export function keepBusy(client: Client, namespace: string): Work {
  const end = new AbortController();
  let rounds = 0;
  const running = (async () => {
    while (!end.signal.aborted) {
      await Promise.all([effects(client, namespace), order(client, namespace), leases(client, namespace)]);
      await client.begin({ address: { namespace: "no name at all" } }).catch(() => {});
      rounds++;
      await pause(BETWEEN_ROUNDS_MS);
    }
  })();
  return {
    rounds: () => rounds,
    async stop() {
      end.abort();
      await running;
    },
  };
}

/** A start, its duplicates, one that waits, a completion, a replay; a retry; a takeover and its zombie. */
async function effects({ begin, complete, get, renew, beginBatch }: Client, namespace: string): Promise<void> {
  const at = { namespace, operation: "charge", stream: "", key: secretKey() };
  const first = await begin({
    address: at,
    leaseMs: 60_000,
    owner: SECRET,
    fingerprint: { digest: Buffer.from("a"), algorithm: "x" },
  });
  const waiting = begin({ address: at, waitMs: 5000, fingerprint: { digest: Buffer.from("a"), algorithm: "x" } });
  await begin({ address: at });
  await begin({ address: at, fingerprint: { digest: Buffer.from("b"), algorithm: "x" } });
  await renew({ address: at, fencingToken: first.attempt?.fencingToken ?? 0 });
  await complete({
    address: at,
    fencingToken: first.attempt?.fencingToken ?? 0,
    kind: "SUCCEEDED",
    result: { body: Buffer.from(SECRET) },
  });
  await waiting;
  await beginBatch({ items: [{ address: at }, { address: at }] });
  await get({ address: at });

  const again = { ...at, key: secretKey() };
  const failing = await begin({ address: again });
  const token = failing.attempt?.fencingToken ?? 0;
  await complete({ address: again, fencingToken: token, kind: "RETRYABLE", retryAfterMs: 50 });
  await begin({ address: again });
  await pause(60);
  await begin({ address: again });

  const crashing = { ...at, key: secretKey() };
  const zombie = await begin({ address: crashing, leaseMs: 100 });
  const lapsing = { ...at, key: secretKey() };
  await begin({ address: lapsing, leaseMs: 100, lapsePolicy: "HOLD" });
  await pause(120);
  await begin({ address: crashing });
  await begin({ address: lapsing });
  await complete({ address: crashing, fencingToken: zombie.attempt?.fencingToken ?? 0, kind: "SUCCEEDED" });
}

async function order({ begin, advance }: Client, namespace: string): Promise<void> {
  const stream = uniqueId();
  const address = { namespace, operation: "", stream, key: "2" };
  await begin({ address, ordering: { sequence: 2, mode: "STRICT_NEXT" } });
  await advance({ namespace, stream: uniqueId(), sequence: 5, mode: "STRICT_NEXT" });
}

async function leases({ acquire, releaseLease }: Client, namespace: string): Promise<void> {
  const resource = uniqueId();
  const held = await acquire({ namespace, resource, ttlMs: 5000 });
  await acquire({ namespace, resource, ttlMs: 5000 });
  const waiting = acquire({ namespace, resource, ttlMs: 5000, waitMs: 2000 });
  await pause(50);
  await releaseLease({ namespace, resource, leaseId: held.leaseId, fencingToken: held.fencingToken });
  await waiting;
}
