/** Callers that run pretended effects against a sidecar which may vanish, and write down what they were told. */
import * as grpc from "@grpc/grpc-js";
import { call, openClients } from "../../src/cli/client.ts";
import type { BeginResponse__Output } from "../../src/transport/grpc/gen/onceward/v1/BeginResponse.ts";

/** What callers were told, to be held against what the store says after a crash. */
export class Told {
  /** Result of each key whose Complete was acknowledged. */
  readonly completed = new Map<string, string>();
  /** The token of the last STARTED of each key. */
  readonly tokens = new Map<string, bigint>();
  /** Tokens that were not above one handed out before for the same key. */
  readonly inversions: string[] = [];
  /** The last place of each stream whose Complete was acknowledged. */
  readonly committed = new Map<string, number>();
  /** Calls whose answer never came. */
  unknown = 0;

  started(key: string, token: bigint): void {
    const before = this.tokens.get(key);
    if (before !== undefined && token <= before) this.inversions.push(`${key}: ${before}, then ${token}`);
    this.tokens.set(key, token);
  }

  highest(): bigint {
    return [...this.tokens.values()].reduce((a, b) => (a > b ? a : b), 0n);
  }
}

const CALL_MS = 3000;
const BATCH_ITEMS = 500;
/** An hour: no lease lapses while a test runs, so whatever starts again was lost. */
const LEASE_MS = 3_600_000;

/** Begins and completes fresh keys, one after the other, until `stop`, or until an answer does not come. */
export async function runCaller(address: string, name: string, told: Told, stop: AbortSignal): Promise<void> {
  const clients = openClients(address);
  const { idempotency } = clients;
  try {
    for (let n = 0; !stop.aborted; n++) {
      const key = `${name}-${n}`;
      const begun = await call(idempotency, idempotency.Begin, { address: { key }, leaseMs: LEASE_MS }, CALL_MS);
      const fencingToken = tokenOf(begun);
      told.started(key, BigInt(fencingToken));
      const result = { body: Buffer.from(`result of ${key}`) };
      const request = { address: { key }, fencingToken, kind: "SUCCEEDED", result } as const;
      const completed = await call(idempotency, idempotency.Complete, request, CALL_MS);
      if (completed.outcome === "STORED") told.completed.set(key, String(result.body));
    }
  } catch (error) {
    if (!isUnknown(error)) throw error;
    told.unknown++;
  } finally {
    clients.close();
  }
}

/** Begins and completes one place of a stream after the other, until `stop`, or until an answer does not come. */
export async function runOrderedCaller(address: string, stream: string, told: Told, stop: AbortSignal): Promise<void> {
  const clients = openClients(address);
  const { idempotency } = clients;
  try {
    for (let place = 1; !stop.aborted; place++) {
      const begun = await call(idempotency, idempotency.Begin, beginAt(stream, place), CALL_MS);
      const { address: at } = beginAt(stream, place);
      const request = { address: at, fencingToken: tokenOf(begun), kind: "SUCCEEDED" } as const;
      const completed = await call(idempotency, idempotency.Complete, request, CALL_MS);
      if (completed.outcome === "STORED") told.committed.set(stream, place);
    }
  } catch (error) {
    if (!isUnknown(error)) throw error;
    told.unknown++;
  } finally {
    clients.close();
  }
}

/** Where a stream stands, and what a Begin answers at the places round that one. */
export interface Standing {
  readonly last: number;
  /** Of the effect committed last, of another there, of one two places on, and of the next one. */
  readonly outcomes: readonly string[];
}

export async function standingOf(address: string, stream: string): Promise<Standing> {
  const clients = openClients(address);
  const { idempotency, sequences } = clients;
  const standing = await call(sequences, sequences.Get, { stream }, CALL_MS);
  const last = Number(standing.last ?? 0);
  const requests = [
    beginAt(stream, last),
    beginAt(stream, last, "another"),
    beginAt(stream, last + 2),
    beginAt(stream, last + 1),
  ];
  const outcomes: string[] = [];
  for (const request of requests) {
    outcomes.push((await call(idempotency, idempotency.Begin, request, CALL_MS)).outcome);
  }
  clients.close();
  return { last, outcomes };
}

function beginAt(stream: string, place: number, key = `place ${place}`) {
  const ordering = { sequence: place, mode: "STRICT_NEXT" } as const;
  return { address: { stream, key }, ordering, leaseMs: LEASE_MS };
}

/** Begins every key that was begun before, and says what each answered; a new token is written down. */
export async function beginAgain(address: string, told: Told): Promise<ReadonlyMap<string, BeginResponse__Output>> {
  const clients = openClients(address);
  const { idempotency } = clients;
  const answers = new Map<string, BeginResponse__Output>();
  const keys = [...told.tokens.keys()];
  for (let from = 0; from < keys.length; from += BATCH_ITEMS) {
    const batch = keys.slice(from, from + BATCH_ITEMS);
    const items = batch.map((key) => ({ address: { key }, leaseMs: LEASE_MS }));
    const answered = await call(idempotency, idempotency.BeginBatch, { items }, 10 * CALL_MS);
    for (const [i, { response }] of answered.items.entries()) {
      const key = batch[i];
      if (key === undefined || !response) continue;
      answers.set(key, response);
      if (response.outcome === "STARTED") told.started(key, BigInt(tokenOf(response)));
    }
  }
  clients.close();
  return answers;
}

function tokenOf(begun: BeginResponse__Output): string {
  if (begun.attempt === null) throw new Error(`no attempt, but ${begun.outcome}`);
  return begun.attempt.fencingToken;
}

/** Errors after which nobody knows what was done. */
function isUnknown(error: unknown): boolean {
  const unknown = [grpc.status.UNAVAILABLE, grpc.status.DEADLINE_EXCEEDED, grpc.status.CANCELLED];
  return error instanceof Error && "code" in error && unknown.some((code) => code === error.code);
}
