import { Durations } from "./durations.ts";
import { Holds } from "./holds.ts";
import { METRICS } from "./names.ts";
import { RetryWatch } from "./retry-watch.ts";
import { CallTally } from "./tally.ts";
import { type Tracer, Tracing } from "./tracing.ts";
import { Waits } from "./waits.ts";

/** Everything that a process counts, times and traces while it answers. */
export interface Telemetry {
  readonly tally: CallTally;
  readonly retryWatch: RetryWatch;
  readonly tracing: Tracing;
  readonly waits: Waits;
  readonly holds: Holds;
  /** By path of the RPC and name of its status. */
  readonly rpcs: Durations;
  /** By transition and reason of the error, empty where there was none. */
  readonly transitions: Durations;
}

/** @param tracer undefined = nothing is traced */
export function openTelemetry(tracer?: Tracer): Telemetry {
  const tracing = new Tracing(tracer);
  return {
    tally: new CallTally(),
    retryWatch: new RetryWatch(),
    tracing,
    waits: new Waits(tracing),
    holds: new Holds(),
    rpcs: new Durations(METRICS.rpcDuration),
    transitions: new Durations(METRICS.storeDuration),
  };
}
