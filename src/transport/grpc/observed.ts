import * as grpc from "@grpc/grpc-js";
import { monotonicMs } from "../../base/clock.ts";
import type { ErrorCode } from "../../base/errors.ts";
import type { Span } from "../../telemetry/tracing.ts";
import type { GrpcCaller, TransportDeps } from "./context.ts";

type Deps = Pick<TransportDeps, "tracing" | "rpcs">;

interface ObservedCall {
  readonly metadata: grpc.Metadata;
  getPath(): string;
}

/** An RPC that runs: timed, and as a span where it is sampled. */
export interface Observed {
  /** As which the work is to be done: what the first attempt leaves in its record leads to the span. */
  readonly caller: GrpcCaller;
  /** Undefined = not traced. */
  readonly span: Span | undefined;
  ended(status: string, reason?: ErrorCode): void;
}

/** Where nothing is traced this costs two readings of the clock and one count. */
export function observeCall(deps: Deps, call: ObservedCall, caller: GrpcCaller): Observed {
  const path = call.getPath();
  const began = monotonicMs();
  const span = deps.tracing.active ? startSpan(deps, call, caller) : undefined;
  return {
    caller: span === undefined ? caller : { ...caller, traceparent: span.traceparent },
    span,
    ended(status, reason) {
      deps.rpcs.observe(path, status, monotonicMs() - began);
      if (span === undefined) return;
      span.set({ "rpc.status_code": status });
      span.end(reason);
    },
  };
}

/** A span without a time of its own in the metrics, such as a stream's, which lives as long as its caller likes. */
export function startSpan({ tracing }: Deps, call: ObservedCall, { traceparent }: GrpcCaller): Span | undefined {
  if (!tracing.samples(traceparent)) return undefined;
  const method = call.getPath().slice(1);
  const [state] = call.metadata.get("tracestate");
  return tracing.start({
    name: method,
    traceparent,
    tracestate: typeof state === "string" ? state : "",
    attributes: { "rpc.system.name": "grpc", "rpc.method": method },
  });
}

export function statusName(code: number | undefined): string {
  return grpc.status[code ?? grpc.status.UNKNOWN] ?? "UNKNOWN";
}
