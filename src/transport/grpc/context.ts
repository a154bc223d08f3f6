import type * as grpc from "@grpc/grpc-js";
import { type Clock, systemClock } from "../../base/clock.ts";
import type { Admission } from "../../service/admission.ts";
import type { Caller } from "../../service/caller.ts";
import type { CensusTaker } from "../../service/census.ts";
import type { ServiceDeps } from "../../service/context.ts";

/** What the RPCs lean on: the service, and what is told about the process itself. */
export interface TransportDeps extends ServiceDeps {
  readonly admission: Admission;
  readonly census: CensusTaker;
  readonly clock: Clock;
  readonly version: string;
  /** Aborted when the process stops: whoever waits is answered then. */
  readonly stopping: AbortSignal;
}

/** A caller as gRPC knows it. */
export interface GrpcCaller extends Caller {
  /** W3C trace context of the call, or empty. */
  readonly traceparent: string;
}

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

interface ServerCall {
  readonly metadata: grpc.Metadata;
  getDeadline(): grpc.Deadline;
  on(event: "cancelled", listener: () => void): unknown;
  readonly cancelled: boolean;
}

export function callerOf(call: ServerCall, stopping: AbortSignal): GrpcCaller {
  const [given] = call.metadata.get("traceparent");
  let signal: AbortSignal | undefined;
  return {
    traceparent: typeof given === "string" && TRACEPARENT.test(given) ? given : "",
    timeLeft: () => Number(call.getDeadline()) - systemClock.now(),
    signal: () => {
      signal ??= AbortSignal.any([cancellationOf(call), stopping]);
      return signal;
    },
  };
}

function cancellationOf(call: ServerCall): AbortSignal {
  if (call.cancelled) return AbortSignal.abort();
  const gone = new AbortController();
  call.on("cancelled", () => gone.abort());
  return gone.signal;
}
