import * as grpc from "@grpc/grpc-js";
import { systemClock } from "../base/clock.ts";
import type { AdminServiceClient } from "../transport/grpc/gen/onceward/v1/AdminService.ts";
import type { IdempotencyServiceClient } from "../transport/grpc/gen/onceward/v1/IdempotencyService.ts";
import type { LeaseServiceClient } from "../transport/grpc/gen/onceward/v1/LeaseService.ts";
import type { SequenceServiceClient } from "../transport/grpc/gen/onceward/v1/SequenceService.ts";
import { protos } from "../transport/grpc/protos.ts";

/** Connections to a running sidecar. */
export interface Clients {
  readonly idempotency: IdempotencyServiceClient;
  readonly sequences: SequenceServiceClient;
  readonly leases: LeaseServiceClient;
  readonly admin: AdminServiceClient;
  close(): void;
}

/** A sidecar is beside its caller: a proxy that the environment names for the wide world is not on the way to it. */
const CHANNEL_OPTIONS: grpc.ChannelOptions = { "grpc.enable_http_proxy": 0 };

/** Opens clients for `host:port` or `unix:/path`; nothing is sent before the first call. */
export function openClients(address: string): Clients {
  const { IdempotencyService, SequenceService, LeaseService, AdminService } = protos().onceward.v1;
  const credentials = grpc.credentials.createInsecure();
  const idempotency = new IdempotencyService(address, credentials, CHANNEL_OPTIONS);
  const sequences = new SequenceService(address, credentials, CHANNEL_OPTIONS);
  const leases = new LeaseService(address, credentials, CHANNEL_OPTIONS);
  const admin = new AdminService(address, credentials, CHANNEL_OPTIONS);
  return {
    idempotency,
    sequences,
    leases,
    admin,
    close() {
      idempotency.close();
      sequences.close();
      leases.close();
      admin.close();
    },
  };
}

/** The last two overloads of a generated client's method, in their order: TypeScript infers from both in pairs. */
interface Method<Request, Response> {
  (request: Request, options: grpc.CallOptions, callback: grpc.requestCallback<Response>): grpc.ClientUnaryCall;
  (request: Request, callback: grpc.requestCallback<Response>): grpc.ClientUnaryCall;
}

/** One unary call as a promise; `timeoutMs` is its deadline, and `signal` cancels it. Rejects with ServiceError. */
export function call<Request, Response>(
  client: grpc.Client,
  method: Method<Request, Response>,
  request: Request,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const deadline = systemClock.now() + timeoutMs;
    const cancel = () => sent.cancel();
    const sent = method.bind(client)(request, { deadline }, (error, response) => {
      signal?.removeEventListener("abort", cancel);
      if (error !== null) reject(error);
      else if (response === undefined) reject(new Error("an answer without a message"));
      else resolve(response);
    });
    signal?.addEventListener("abort", cancel, { once: true });
  });
}
