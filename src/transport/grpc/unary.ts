import type * as grpc from "@grpc/grpc-js";
import { invalid } from "../../base/errors.ts";
import type { CallClass } from "../../service/admission.ts";
import { callerOf, type GrpcCaller, type TransportDeps } from "./context.ts";
import { observeCall, statusName } from "./observed.ts";
import { toServiceError, toStatus } from "./status.ts";
import { invalidTextOf } from "./text.ts";

/** What one RPC does with one request: alone, in a batch or on a session. */
export type Handle<Request, Response> = (
  deps: TransportDeps,
  request: Request,
  caller: GrpcCaller,
) => Promise<Response>;

/** Serves a {@link Handle} as a unary RPC: text check, admission, and every fault as a status with its details. */
export function unary<Request extends object, Response>(
  deps: TransportDeps,
  kind: CallClass,
  handle: Handle<Request, Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const { request } = call;
    const { caller, span, ended } = observeCall(deps, call, callerOf(call, deps.stopping));
    const work = () => admitted(deps, kind, request, handle, caller);
    const answer = span === undefined ? work() : deps.tracing.within(span, { batch: "items" in request }, work);
    answer.then(
      (response) => {
        ended("OK");
        callback(null, response);
      },
      (thrown) => {
        const { reason, ...status } = refused(deps, thrown);
        ended(statusName(status.code), reason);
        callback(toServiceError(status));
      },
    );
  };
}

/** Runs one call within the limits of the process. */
export async function admitted<Request extends object, Response>(
  deps: TransportDeps,
  kind: CallClass,
  request: Request,
  handle: Handle<Request, Response>,
  caller: GrpcCaller,
): Promise<Response> {
  refuseBadText(request);
  deps.admission.enter(kind);
  try {
    return await handle(deps, request, caller);
  } finally {
    deps.admission.leave();
  }
}

/** @throws {OncewardError} INVALID_ARGUMENT naming every text field that is no text. */
export function refuseBadText(message: object): void {
  const fields = invalidTextOf(message);
  if (fields.length > 0) throw invalid(fields.map((field) => ({ field, problem: "is not valid UTF-8" })));
}

/** A fault as `google.rpc.Status`, counted. */
export function refusal(deps: TransportDeps, thrown: unknown) {
  const { reason: _, ...status } = refused(deps, thrown);
  return status;
}

/** The same, and why. */
export function refused(deps: TransportDeps, thrown: unknown) {
  const status = toStatus(thrown, deps.logger);
  deps.tally.countError(status.reason);
  return status;
}
