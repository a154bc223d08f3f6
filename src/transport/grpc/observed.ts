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

class ObservedRpc implements Observed {
  readonly caller: GrpcCaller;
  readonly span: Span | undefined;
  readonly #rpcs: Deps["rpcs"];
  readonly #path: string;
  readonly #began: number;

  constructor({ rpcs }: Deps, path: string, caller: GrpcCaller, span: Span | undefined) {
    this.#rpcs = rpcs;
    this.#path = path;
    this.#began = monotonicMs();
    this.span = span;
    this.caller = span === undefined ? caller : { ...caller, traceparent: span.traceparent };
  }

  ended(status: string, reason?: ErrorCode): void {
    this.#rpcs.observe(this.#path, status, monotonicMs() - this.#began);
    if (this.span === undefined) return;
    this.span.set({ "rpc.status_code": status });
    this.span.end(reason);
  }
}

/** Where nothing is traced this costs two readings of the clock and one count. */
export function observeCall(deps: Deps, call: ObservedCall, caller: GrpcCaller): Observed {
  const span = deps.tracing.active ? startSpan(deps, call, caller) : undefined;
  return new ObservedRpc(deps, call.getPath(), caller, span);
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
