import type { Environment } from "../config/load.ts";
import type { Settings } from "../config/settings.ts";
import { observedStore } from "../store/observed.ts";
import type { Logger } from "../telemetry/logger.ts";
import { openTelemetry } from "../telemetry/telemetry.ts";
import { startGrpcServer } from "../transport/grpc/server.ts";
import { startOpsServer } from "../transport/http/ops.ts";
import { setSocketMode } from "../transport/socket.ts";
import { compose, openLeases, openStore } from "./compose.ts";
import { openExportAsAsked } from "./export.ts";
import { readingsOf } from "./readings.ts";

/** A running sidecar. */
export interface Sidecar {
  /** The gRPC listener's address, the port being the real one. */
  readonly listen: string;
  /** The ops listener's. */
  readonly ops: string;
  readonly store: "embedded" | "redis";
  /** Answers or breaks off what runs within the configured time, then closes everything. Safe to call twice. */
  stop(): Promise<void>;
}

interface Around {
  readonly logger: Logger;
  /** Where the standard `OTEL_*` variables are; absent = nowhere, and nothing is exported. */
  readonly environment?: Environment;
}

/** Opens the store and both listeners. Rejects, with nothing left open, when one of them cannot be opened. */
export async function startSidecar(settings: Settings, { logger, environment = {} }: Around): Promise<Sidecar> {
  const opened: Array<() => Promise<void>> = [];
  const closeAll = async () => {
    for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close();
  };
  const stopping = new AbortController();
  try {
    const exported = await openExportAsAsked(environment, logger);
    if (exported !== undefined) opened.push(() => exported.close());
    const telemetry = openTelemetry(exported?.tracer);
    const opening = await openStore(settings, logger);
    opened.push(() => opening.close());
    const store = observedStore(opening, { durations: telemetry.transitions, tracing: telemetry.tracing });
    const leases = await openLeases(settings, { store, logger });
    opened.push(() => leases.close());
    const deps = compose(settings, { store, leases, logger, telemetry, stopping: stopping.signal });
    await exported?.pushMetrics(readingsOf(deps));
    deps.census.start();
    opened.push(() => deps.census.close());
    // First: whoever finds the ops listener there may start to call.
    const server = await startGrpcServer(deps, settings.listen);
    opened.push(() => server.stop(settings.drain));
    setSocketMode(settings.listen, settings.socket_mode);
    const ops = await startOpsServer(
      { metrics: readingsOf(deps), status: () => store.status(), stopping: stopping.signal },
      settings.ops_listen,
    );
    setSocketMode(settings.ops_listen, settings.socket_mode);
    // Closed after the gRPC listener: while that drains, /readyz says so.
    opened.splice(opened.length - 1, 0, () => ops.stop());
    const stop = () => {
      stopping.abort();
      return closeAll();
    };
    return { listen: server.address, ops: ops.address, store: store.status().kind, stop };
  } catch (error) {
    stopping.abort();
    await closeAll();
    throw error;
  }
}
