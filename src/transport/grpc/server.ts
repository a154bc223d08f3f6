import * as grpc from "@grpc/grpc-js";
import { MESSAGE_BYTES_MAX } from "../../base/limits.ts";
import { later } from "../../base/wait.ts";
import { removeStaleSocket, socketPath } from "../socket.ts";
import { handleBeginBatch, handleCompleteBatch } from "./batch.ts";
import { handleBegin } from "./begin.ts";
import { handleCheckpoint } from "./checkpoint.ts";
import { handleComplete } from "./complete.ts";
import type { TransportDeps } from "./context.ts";
import { handleForget } from "./forget.ts";
import type { AdminServiceHandlers } from "./gen/onceward/v1/AdminService.ts";
import type { IdempotencyServiceHandlers } from "./gen/onceward/v1/IdempotencyService.ts";
import type { LeaseServiceHandlers } from "./gen/onceward/v1/LeaseService.ts";
import type { SequenceServiceHandlers } from "./gen/onceward/v1/SequenceService.ts";
import { handleGet } from "./get.ts";
import { serveHealth } from "./health.ts";
import { handleLeaseAcquire } from "./lease-acquire.ts";
import { handleLeaseCheckFence } from "./lease-check-fence.ts";
import { handleLeaseForceRelease } from "./lease-force-release.ts";
import { handleLeaseInspect } from "./lease-inspect.ts";
import { leaseKeepAlive } from "./lease-keep-alive.ts";
import { handleLeaseList } from "./lease-list.ts";
import { handleLeaseRelease } from "./lease-release.ts";
import { handleLeaseRenew } from "./lease-renew.ts";
import { handleListRecords } from "./list-records.ts";
import { addReflection } from "./reflection.ts";
import { handleRelease } from "./release.ts";
import { handleRenew } from "./renew.ts";
import { handleResolve } from "./resolve.ts";
import { handleSequenceAdvance } from "./sequence-advance.ts";
import { handleSequenceGet } from "./sequence-get.ts";
import { handleSequenceReset } from "./sequence-reset.ts";
import { handleSequenceSkip } from "./sequence-skip.ts";
import { handleGetServerInfo } from "./server-info.ts";
import { definitionOf, type ServiceName } from "./services.ts";
import { session } from "./session.ts";
import { handleGetStats } from "./stats.ts";
import { letGoOfStreams } from "./stream-tables.ts";
import { unary } from "./unary.ts";

/**
 * How often a caller is asked for a sign of life, and how long it may take, ms. A caller whose machine is gone does not
 * close its connection: without this its KeepAlive would hold a lease until TCP gives up, a quarter of an hour.
 */
const PING_MS = 20_000;
const PONG_MS_MAX = 20_000;

export interface GrpcServer {
  /** `host:port` or `unix:/path`, the port being the real one. */
  readonly address: string;
  /** Takes no new call, lets those that run go on for `drainMs`, then breaks them off. */
  stop(drainMs: number): Promise<void>;
}

/** Binds and serves. Rejects when the address cannot be bound. */
export async function startGrpcServer(deps: TransportDeps, listen: string): Promise<GrpcServer> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
    "grpc.max_send_message_length": MESSAGE_BYTES_MAX,
    "grpc.keepalive_time_ms": PING_MS,
    "grpc.keepalive_timeout_ms": PONG_MS_MAX,
  });
  for (const [service, handlers] of Object.entries(handlersOf(deps))) {
    server.addService(definitionOf(service as ServiceName, Object.keys(handlers)), handlers);
  }
  const health = serveHealth(server, deps);
  addReflection(server);
  await removeStaleSocket(listen);
  const port = await bind(server, listen).catch((error: unknown) => {
    health.stop();
    throw error;
  });
  letGoOfStreams(server);
  return {
    address: socketPath(listen) === undefined ? listen.replace(/:\d+$/, `:${port}`) : listen,
    async stop(drainMs) {
      health.stop();
      await shutDown(server, drainMs);
    },
  };
}

/** By the name of the service. */
function handlersOf(deps: TransportDeps) {
  return {
    IdempotencyService: idempotencyHandlers(deps),
    SequenceService: sequenceHandlers(deps),
    LeaseService: leaseHandlers(deps),
    AdminService: adminHandlers(deps),
  };
}

function idempotencyHandlers(deps: TransportDeps): IdempotencyServiceHandlers & grpc.UntypedServiceImplementation {
  return {
    Begin: unary(deps, "ordinary", handleBegin),
    BeginBatch: unary(deps, "ordinary", handleBeginBatch),
    Get: unary(deps, "ordinary", handleGet),
    Complete: unary(deps, "ending", handleComplete),
    CompleteBatch: unary(deps, "ending", handleCompleteBatch),
    Renew: unary(deps, "ending", handleRenew),
    Checkpoint: unary(deps, "ending", handleCheckpoint),
    Release: unary(deps, "ending", handleRelease),
    Session: session(deps),
  };
}

function sequenceHandlers(deps: TransportDeps): SequenceServiceHandlers & grpc.UntypedServiceImplementation {
  return {
    Advance: unary(deps, "ordinary", handleSequenceAdvance),
    Get: unary(deps, "ordinary", handleSequenceGet),
    Reset: unary(deps, "ordinary", handleSequenceReset),
    Skip: unary(deps, "ordinary", handleSequenceSkip),
  };
}

function leaseHandlers(deps: TransportDeps): LeaseServiceHandlers & grpc.UntypedServiceImplementation {
  return {
    Acquire: unary(deps, "ordinary", handleLeaseAcquire),
    Renew: unary(deps, "ending", handleLeaseRenew),
    Release: unary(deps, "ending", handleLeaseRelease),
    KeepAlive: leaseKeepAlive(deps),
    Inspect: unary(deps, "ordinary", handleLeaseInspect),
    List: unary(deps, "ordinary", handleLeaseList),
    ForceRelease: unary(deps, "ordinary", handleLeaseForceRelease),
    CheckFence: unary(deps, "ordinary", handleLeaseCheckFence),
  };
}

function adminHandlers(deps: TransportDeps): AdminServiceHandlers & grpc.UntypedServiceImplementation {
  return {
    ListRecords: unary(deps, "ordinary", handleListRecords),
    Resolve: unary(deps, "ordinary", handleResolve),
    Forget: unary(deps, "ordinary", handleForget),
    GetServerInfo: unary(deps, "ordinary", handleGetServerInfo),
    GetStats: unary(deps, "ordinary", handleGetStats),
  };
}

function bind(server: grpc.Server, listen: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(listen, grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}

function shutDown(server: grpc.Server, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const callOff = later(drainMs, () => server.forceShutdown());
    server.tryShutdown(() => {
      callOff();
      resolve();
    });
  });
}
