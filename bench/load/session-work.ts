import { openClients } from "../../src/cli/client.ts";
import type { BeginRequest } from "../../src/transport/grpc/gen/onceward/v1/BeginRequest.ts";
import type { SessionRequest } from "../../src/transport/grpc/gen/onceward/v1/SessionRequest.ts";
import type { SessionResponse__Output } from "../../src/transport/grpc/gen/onceward/v1/SessionResponse.ts";
import { type Guard, guardWork } from "./guard.ts";
import { expectAnswer, type Work } from "./loops.ts";
import type { GuardCalls } from "./protocol.ts";
import { beginRequest, completeRequest } from "./requests.ts";

type Ask = (request: SessionRequest) => Promise<SessionResponse__Output>;

/** Every call on one stream: no headers, no deadline and no trailers a call. */
export function sessionWork(address: string, calls: GuardCalls): Work {
  return guardWork(onStream(openSession(address)), calls);
}

function onStream(ask: Ask): Guard<BeginRequest> {
  return {
    fresh: beginRequest,
    async first(request, stopwatch) {
      const { begin } = await stopwatch.time("Begin", () => ask({ begin: request }));
      expectAnswer("Begin on a session", begin?.outcome, "STARTED");
      const complete = completeRequest(request, begin?.attempt?.fencingToken ?? "");
      const completed = await stopwatch.time("Complete", () => ask({ complete }));
      expectAnswer("Complete on a session", completed.complete?.outcome, "STORED");
    },
    async again(request, stopwatch) {
      const { begin } = await stopwatch.time("Begin", () => ask({ begin: request }));
      expectAnswer("Begin of a finished record on a session", begin?.outcome, "REPLAY");
    },
  };
}

/** Answers come in any order; the correlation id says whose each is. */
function openSession(address: string): Ask {
  const stream = openClients(address).idempotency.Session();
  const waiting = new Map<string, PromiseWithResolvers<SessionResponse__Output>>();
  let lastId = 0;
  let broken: Error | undefined;
  stream.on("data", (response: SessionResponse__Output) => {
    waiting.get(response.correlationId)?.resolve(response);
    waiting.delete(response.correlationId);
  });
  stream.on("error", (error: Error) => {
    broken = error;
    for (const { reject } of waiting.values()) reject(error);
  });
  return (request) => {
    if (broken !== undefined) return Promise.reject(broken);
    const correlationId = String(++lastId);
    const answer = Promise.withResolvers<SessionResponse__Output>();
    waiting.set(correlationId, answer);
    stream.write({ ...request, correlationId });
    return answer.promise;
  };
}
