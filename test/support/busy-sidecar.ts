/** Work on a sidecar in which everything that is measured happens, again and again until it is stopped. */
import { setTimeout as pause } from "node:timers/promises";
import { uniqueId } from "../../src/base/random.ts";
import type { Client } from "./grpc.ts";

const BETWEEN_ROUNDS_MS = 200;
const WAITERS_EVERY_MS = 5;
/** The longest that there is: whoever keeps a sidecar busy may be held up himself, by a program that he runs. */
const WAIT_MS = 30_000;

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
      // One after the other: while either waits, nobody else does.
      await effects(client, namespace);
      await Promise.all([order(client, namespace), leases(client, namespace)]);
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

/** Until the sidecar has taken in a call that waits, for as long as that one would. */
async function untilOneWaits({ getStats }: Client): Promise<void> {
  const end = performance.now() + WAIT_MS;
  while ((await getStats({})).waiters === 0) {
    if (performance.now() > end) throw new Error("nobody waits");
    await pause(WAITERS_EVERY_MS);
  }
}

/** A start, its duplicates, one that waits, a completion, a replay; a retry; a takeover and its zombie. */
async function effects(client: Client, namespace: string): Promise<void> {
  const { begin, complete, get, renew, beginBatch } = client;
  const at = { namespace, operation: "charge", stream: "", key: secretKey() };
  const first = await begin({
    address: at,
    leaseMs: 60_000,
    owner: SECRET,
    fingerprint: { digest: Buffer.from("a"), algorithm: "x" },
  });
  const waiting = begin({ address: at, waitMs: WAIT_MS, fingerprint: { digest: Buffer.from("a"), algorithm: "x" } });
  await untilOneWaits(client);
  // Answered after the other has looked at the record: a connection's calls reach a record in their order.
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

async function leases(client: Client, namespace: string): Promise<void> {
  const { acquire, releaseLease } = client;
  const resource = uniqueId();
  const held = await acquire({ namespace, resource, ttlMs: 2 * WAIT_MS });
  const waiting = acquire({ namespace, resource, ttlMs: 5000, waitMs: WAIT_MS });
  await untilOneWaits(client);
  await acquire({ namespace, resource, ttlMs: 5000 });
  await releaseLease({ namespace, resource, leaseId: held.leaseId, fencingToken: held.fencingToken });
  await waiting;
}
