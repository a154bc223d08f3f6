import * as grpc from "@grpc/grpc-js";
import { systemClock } from "../base/clock.ts";
import type { AdminServiceClient } from "../transport/grpc/gen/onceward/v1/AdminService.ts";
import type { IdempotencyServiceClient } from "../transport/grpc/gen/onceward/v1/IdempotencyService.ts";
import { protos } from "../transport/grpc/protos.ts";

/** Connections to a running sidecar. */
export interface Clients {
  readonly idempotency: IdempotencyServiceClient;
  readonly admin: AdminServiceClient;
  close(): void;
}

/** A sidecar is beside its caller: a proxy that the environment names for the wide world is not on the way to it. */
const CHANNEL_OPTIONS: grpc.ChannelOptions = { "grpc.enable_http_proxy": 0 };

/** Opens clients for `host:port` or `unix:/path`; nothing is sent before the first call. */
export function openClients(address: string): Clients {
  const { IdempotencyService, AdminService } = protos().onceward.v1;
  const credentials = grpc.credentials.createInsecure();
  const idempotency = new IdempotencyService(address, credentials, CHANNEL_OPTIONS);
  const admin = new AdminService(address, credentials, CHANNEL_OPTIONS);
  return {
    idempotency,
    admin,
    close() {
      idempotency.close();
      admin.close();
    },
  };
}

/** The last two overloads of a generated client's method, in their order: TypeScript infers from both in pairs. */
interface Method<Request, Response> {
  (request: Request, options: grpc.CallOptions, callback: grpc.requestCallback<Response>): grpc.ClientUnaryCall;
  (request: Request, callback: grpc.requestCallback<Response>): grpc.ClientUnaryCall;
}

/** One unary call as a promise; `timeoutMs` is its deadline. Rejects with grpc-js's ServiceError. */
export function call<Request, Response>(
  client: grpc.Client,
  method: Method<Request, Response>,
  request: Request,
  timeoutMs: number,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const deadline = systemClock.now() + timeoutMs;
    method.bind(client)(request, { deadline }, (error, response) => {
      if (error !== null) reject(error);
      else if (response === undefined) reject(new Error("an answer without a message"));
      else resolve(response);
    });
  });
}
