import * as grpc from "@grpc/grpc-js";
import { type Clients, call, openClients } from "../../src/cli/client.ts";
import type { BeginRequest } from "../../src/transport/grpc/gen/onceward/v1/BeginRequest.ts";
import type { CompleteRequest } from "../../src/transport/grpc/gen/onceward/v1/CompleteRequest.ts";
import { echoService } from "../servers/echo-protos.ts";
import { expectAnswer, repeat, type Stopwatch, type Work } from "./loops.ts";
import {
  BATCH_ITEMS,
  DEADLINE_MS,
  FINGERPRINT_ALGORITHM,
  FINISHED_RECORDS,
  LEASE_MS,
  PREPARE_LOOPS,
  RETENTION_MS,
  randomFingerprint,
  randomKey,
  randomResult,
} from "./payloads.ts";
import type { Calls } from "./protocol.ts";

/** Calls a server through grpc-js, one channel a variant, which is one connection. */
export function grpcWork(address: string, calls: Calls): Work {
  if (calls === "echoes") return echoes(address);
  const clients = openClients(address);
  if (calls === "replays") return replays(clients);
  return { step: (stopwatch) => STEPS[calls](clients, stopwatch) };
}

type Step = (clients: Clients, stopwatch: Stopwatch) => Promise<unknown>;

const STEPS: Readonly<Record<Exclude<Calls, "echoes" | "replays">, Step>> = {
  pairs: (clients, stopwatch) => pair(clients, stopwatch, beginRequest()),
  begins: (clients, stopwatch) => begin(clients, stopwatch, beginRequest()),
  batches: batch,
};

function echoes(address: string): Work {
  const client = new (echoService())(address, grpc.credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
  return { step: (stopwatch) => stopwatch.time("Echo", () => call(client, client.Echo, {}, DEADLINE_MS)) };
}

/** Begins of records that are finished: what a caller that repeats itself costs. */
function replays(clients: Clients): Work {
  const finished: BeginRequest[] = [];
  let next = 0;
  return {
    prepare: () =>
      repeat(FINISHED_RECORDS, PREPARE_LOOPS, async () => {
        const request = beginRequest();
        await pair(clients, undefined, request);
        finished.push(request);
      }),
    step: async (stopwatch) => {
      const request = finished[next++ % finished.length] ?? {};
      const { idempotency } = clients;
      const answer = await stopwatch.time("Begin", () => call(idempotency, idempotency.Begin, request, DEADLINE_MS));
      expectAnswer("Begin of a finished record", answer.outcome, "REPLAY");
    },
  };
}

async function pair(clients: Clients, stopwatch: Stopwatch | undefined, request: BeginRequest): Promise<void> {
  const token = await begin(clients, stopwatch, request);
  const { idempotency } = clients;
  const complete = () => call(idempotency, idempotency.Complete, completeRequest(request, token), DEADLINE_MS);
  const answer = await (stopwatch?.time("Complete", complete) ?? complete());
  expectAnswer("Complete", answer.outcome, "STORED");
}

/** Resolves with the fencing token. */
async function begin(clients: Clients, stopwatch: Stopwatch | undefined, request: BeginRequest): Promise<string> {
  const { idempotency } = clients;
  const ask = () => call(idempotency, idempotency.Begin, request, DEADLINE_MS);
  const answer = await (stopwatch?.time("Begin", ask) ?? ask());
  expectAnswer("Begin of a new record", answer.outcome, "STARTED");
  return answer.attempt?.fencingToken ?? "";
}

async function batch({ idempotency }: Clients, stopwatch: Stopwatch): Promise<void> {
  const begins = Array.from({ length: BATCH_ITEMS }, beginRequest);
  const begun = await stopwatch.time(
    `BeginBatch(${BATCH_ITEMS})`,
    () => call(idempotency, idempotency.BeginBatch, { items: begins }, DEADLINE_MS),
    BATCH_ITEMS,
  );
  const completes = begins.map((request, item) => {
    const response = begun.items[item]?.response;
    expectAnswer("an item of BeginBatch", response?.outcome, "STARTED");
    return completeRequest(request, response?.attempt?.fencingToken ?? "");
  });
  const completed = await stopwatch.time(
    `CompleteBatch(${BATCH_ITEMS})`,
    () => call(idempotency, idempotency.CompleteBatch, { items: completes }, DEADLINE_MS),
    BATCH_ITEMS,
  );
  for (const { response } of completed.items) expectAnswer("an item of CompleteBatch", response?.outcome, "STORED");
}

function beginRequest(): BeginRequest {
  return {
    address: { namespace: "default", operation: "charge", key: randomKey() },
    fingerprint: { digest: randomFingerprint(), algorithm: FINGERPRINT_ALGORITHM },
    attemptId: randomKey(),
    leaseMs: LEASE_MS,
    retentionMs: RETENTION_MS,
  };
}

function completeRequest({ address }: BeginRequest, fencingToken: string): CompleteRequest {
  return { address: address ?? null, fencingToken, kind: "SUCCEEDED", result: { body: randomResult() } };
}
