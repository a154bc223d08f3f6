import * as grpc from "@grpc/grpc-js";
import { type Clients, call, openClients } from "../../src/cli/client.ts";
import type { BeginRequest } from "../../src/transport/grpc/gen/onceward/v1/BeginRequest.ts";
import { echoService } from "../servers/echo-protos.ts";
import { type Guard, guardWork } from "./guard.ts";
import { expectAnswer, type Stopwatch, type Work } from "./loops.ts";
import { DEADLINE_MS } from "./payloads.ts";
import type { Calls } from "./protocol.ts";
import { beginRequest, completeRequest } from "./requests.ts";

/** Calls a server through grpc-js, one channel a variant, which is one connection. */
export function grpcWork(address: string, calls: Calls): Work {
  if (calls === "echoes") return echoes(address);
  const clients = openClients(address);
  switch (calls) {
    case "begins":
      return { step: (stopwatch) => begin(clients, stopwatch, beginRequest(), "STARTED") };
    case "begins-100":
      return { step: (stopwatch) => beginBatch(clients, stopwatch, 100) };
    case "batches-10":
      return { step: (stopwatch) => pairBatch(clients, stopwatch, 10) };
    case "batches-100":
      return { step: (stopwatch) => pairBatch(clients, stopwatch, 100) };
    default:
      return guardWork(unary(clients), calls);
  }
}

function echoes(address: string): Work {
  const client = new (echoService())(address, grpc.credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
  return { step: (stopwatch) => stopwatch.time("Echo", () => call(client, client.Echo, {}, DEADLINE_MS)) };
}

function unary(clients: Clients): Guard<BeginRequest> {
  const { idempotency } = clients;
  return {
    fresh: beginRequest,
    async first(request, stopwatch) {
      const token = await begin(clients, stopwatch, request, "STARTED");
      const answer = await stopwatch.time("Complete", () =>
        call(idempotency, idempotency.Complete, completeRequest(request, token), DEADLINE_MS),
      );
      expectAnswer("Complete", answer.outcome, "STORED");
    },
    async again(request, stopwatch) {
      await begin(clients, stopwatch, request, "REPLAY");
    },
  };
}

/** Resolves with the fencing token; empty when nothing was started. */
async function begin(
  { idempotency }: Clients,
  stopwatch: Stopwatch,
  request: BeginRequest,
  wanted: "STARTED" | "REPLAY",
): Promise<string> {
  const answer = await stopwatch.time("Begin", () => call(idempotency, idempotency.Begin, request, DEADLINE_MS));
  expectAnswer("Begin", answer.outcome, wanted);
  return answer.attempt?.fencingToken ?? "";
}

/** Resolves with what was asked, and the fencing token of each. */
async function beginBatch({ idempotency }: Clients, stopwatch: Stopwatch, items: number) {
  const requests = Array.from({ length: items }, beginRequest);
  const begun = await stopwatch.time(
    `BeginBatch(${items})`,
    () => call(idempotency, idempotency.BeginBatch, { items: requests }, DEADLINE_MS),
    items,
  );
  return requests.map((request, item) => {
    const response = begun.items[item]?.response;
    expectAnswer("an item of BeginBatch", response?.outcome, "STARTED");
    return { request, token: response?.attempt?.fencingToken ?? "" };
  });
}

async function pairBatch(clients: Clients, stopwatch: Stopwatch, items: number): Promise<void> {
  const { idempotency } = clients;
  const started = await beginBatch(clients, stopwatch, items);
  const completes = started.map(({ request, token }) => completeRequest(request, token));
  const completed = await stopwatch.time(
    `CompleteBatch(${items})`,
    () => call(idempotency, idempotency.CompleteBatch, { items: completes }, DEADLINE_MS),
    items,
  );
  for (const { response } of completed.items) expectAnswer("an item of CompleteBatch", response?.outcome, "STORED");
}
