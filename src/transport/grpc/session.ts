import type * as grpc from "@grpc/grpc-js";
import { invalid, OncewardError } from "../../base/errors.ts";
import type { CallClass } from "../../service/admission.ts";
import { handleBegin } from "./begin.ts";
import { handleCheckpoint } from "./checkpoint.ts";
import { handleComplete } from "./complete.ts";
import { callerOf, type GrpcCaller, type TransportDeps } from "./context.ts";
import type { SessionRequest__Output } from "./gen/onceward/v1/SessionRequest.ts";
import type { SessionResponse } from "./gen/onceward/v1/SessionResponse.ts";
import { handleGet } from "./get.ts";
import { observeCall, statusName } from "./observed.ts";
import { handleRelease } from "./release.ts";
import { handleRenew } from "./renew.ts";
import { toServiceError } from "./status.ts";
import { admitted, type Handle, refusal, refused } from "./unary.ts";

type Call = grpc.ServerDuplexStream<SessionRequest__Output, SessionResponse>;

/** Calls of one session that may run at once; beyond it the stream is not read, which slows the caller down. */
const OUTSTANDING_MAX = 1024;

/**
 * Serves the single calls on one stream: same handlers, same limits, an answer per call in whatever order they settle.
 * Not read from while too many calls run, while the caller does not take its answers, and once the process stops.
 */
export function session(deps: TransportDeps): grpc.handleBidiStreamingCall<SessionRequest__Output, SessionResponse> {
  return (call) => {
    const caller = callerOf(call, deps.stopping);
    let outstanding = 0;
    let ended = false;
    let blocked = false;
    const goOn = () => {
      if (outstanding === 0 && ended) call.end();
      else if (outstanding === 0 && deps.stopping.aborted) breakOff(deps, call);
      else if (!blocked && outstanding < OUTSTANDING_MAX && !deps.stopping.aborted) call.resume();
    };
    const settle = (answer: SessionResponse) => {
      outstanding--;
      if (call.cancelled) return;
      if (!call.write(answer)) blocked = true;
      goOn();
    };
    const stop = () => {
      call.pause();
      goOn();
    };
    call.on("data", (request: SessionRequest__Output) => {
      outstanding++;
      if (outstanding >= OUTSTANDING_MAX || blocked) call.pause();
      const { caller: as, span, ended } = observeCall(deps, call, caller);
      const work = () => answer(deps, request, as);
      span?.set({ "onceward.call": request.call ?? "" });
      const settling = span === undefined ? work() : deps.tracing.within(span, { batch: false }, work);
      settling.then(
        (response) => {
          ended("OK");
          settle(response);
        },
        (thrown) => {
          const { reason, ...error } = refused(deps, thrown);
          ended(statusName(error.code), reason);
          settle({ correlationId: request.correlationId, error });
        },
      );
    });
    call.on("drain", () => {
      blocked = false;
      goOn();
    });
    call.on("error", (error) => deps.logger.debug({ err: error }, "a session broke off"));
    call.on("end", () => {
      ended = true;
      goOn();
    });
    deps.stopping.addEventListener("abort", stop, { once: true });
    call.on("close", () => deps.stopping.removeEventListener("abort", stop));
  };
}

/** Ends a session that the caller has not ended: calls that are still on their way are not taken. */
function breakOff(deps: TransportDeps, call: Call): void {
  const fault = new OncewardError("SHUTTING_DOWN", "the sidecar is stopping: calls without an answer were not taken");
  call.emit("error", Object.assign(fault, toServiceError(refusal(deps, fault))));
}

async function answer(
  deps: TransportDeps,
  request: SessionRequest__Output,
  caller: GrpcCaller,
): Promise<SessionResponse> {
  const { correlationId } = request;
  const run = <In extends object, Out>(kind: CallClass, member: In | null | undefined, handle: Handle<In, Out>) => {
    if (member === null || member === undefined) throw invalid([{ field: "call", problem: "is required" }]);
    return admitted(deps, kind, request, (_, __, who) => handle(deps, member, who), caller);
  };
  switch (request.call) {
    case "begin":
      return { correlationId, begin: await run("ordinary", request.begin, handleBegin) };
    case "complete":
      return { correlationId, complete: await run("ending", request.complete, handleComplete) };
    case "renew":
      return { correlationId, renew: await run("ending", request.renew, handleRenew) };
    case "checkpoint":
      return { correlationId, checkpoint: await run("ending", request.checkpoint, handleCheckpoint) };
    case "get":
      return { correlationId, get: await run("ordinary", request.get, handleGet) };
    case "release":
      return { correlationId, release: await run("ending", request.release, handleRelease) };
    default:
      throw invalid([{ field: "call", problem: "is required" }]);
  }
}
