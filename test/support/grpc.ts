/** A caller on the wire: grpc-js with the generated types, promises instead of callbacks, errors taken apart. */
import * as grpc from "@grpc/grpc-js";
import type { BadRequest__Output } from "../../src/transport/grpc/gen/google/rpc/BadRequest.ts";
import type { ErrorInfo__Output } from "../../src/transport/grpc/gen/google/rpc/ErrorInfo.ts";
import type { QuotaFailure__Output } from "../../src/transport/grpc/gen/google/rpc/QuotaFailure.ts";
import type { RetryInfo__Output } from "../../src/transport/grpc/gen/google/rpc/RetryInfo.ts";
import type { Status__Output } from "../../src/transport/grpc/gen/google/rpc/Status.ts";
import { protos } from "../../src/transport/grpc/protos.ts";

/** Longest a call may take that a test does not give a deadline itself, ms. */
const CALL_MS_MAX = 20_000;

export interface CallOptions {
  /** From now, ms. */
  readonly deadlineMs?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
}

/** The overloads of a generated client's method, in their order: TypeScript infers from both in pairs. */
interface Method<Request, Response> {
  (
    request: Request,
    metadata: grpc.Metadata,
    options: grpc.CallOptions,
    callback: grpc.requestCallback<Response>,
  ): grpc.ClientUnaryCall;
  (request: Request, metadata: grpc.Metadata, callback: grpc.requestCallback<Response>): grpc.ClientUnaryCall;
  (request: Request, options: grpc.CallOptions, callback: grpc.requestCallback<Response>): grpc.ClientUnaryCall;
  (request: Request, callback: grpc.requestCallback<Response>): grpc.ClientUnaryCall;
}

export type Client = ReturnType<typeof openClient>;

/** Clients for one address on one connection of their own. Every call rejects with grpc-js's ServiceError. */
export function openClient(address: string) {
  const { IdempotencyService, SequenceService, LeaseService, AdminService } = protos().onceward.v1;
  // A pool of its own: a test that breaks its connection breaks no other's.
  const options = { "grpc.use_local_subchannel_pool": 1, "grpc.enable_http_proxy": 0, "grpc.enable_retries": 0 };
  const calls = new IdempotencyService(address, grpc.credentials.createInsecure(), options);
  const sequences = new SequenceService(address, grpc.credentials.createInsecure(), options);
  const leases = new LeaseService(address, grpc.credentials.createInsecure(), options);
  const admin = new AdminService(address, grpc.credentials.createInsecure(), options);
  return {
    calls,
    begin: unary(calls, calls.begin),
    complete: unary(calls, calls.complete),
    get: unary(calls, calls.get),
    renew: unary(calls, calls.renew),
    checkpoint: unary(calls, calls.checkpoint),
    release: unary(calls, calls.release),
    beginBatch: unary(calls, calls.beginBatch),
    completeBatch: unary(calls, calls.completeBatch),
    advance: unary(sequences, sequences.advance),
    getSequence: unary(sequences, sequences.get),
    reset: unary(sequences, sequences.reset),
    skip: unary(sequences, sequences.skip),
    leases,
    acquire: unary(leases, leases.acquire),
    renewLease: unary(leases, leases.renew),
    releaseLease: unary(leases, leases.release),
    inspect: unary(leases, leases.inspect),
    listLeases: unary(leases, leases.list),
    forceRelease: unary(leases, leases.forceRelease),
    checkFence: unary(leases, leases.checkFence),
    listRecords: unary(admin, admin.listRecords),
    resolve: unary(admin, admin.resolve),
    forget: unary(admin, admin.forget),
    getServerInfo: unary(admin, admin.getServerInfo),
    getStats: unary(admin, admin.getStats),
    /** Sends bytes of the test's own as one unary call, so that they may be wrong in any way. */
    raw: (path: string, bytes: Buffer, given: CallOptions = {}) =>
      promised<Buffer>(given, (metadata, options, done) =>
        calls.makeUnaryRequest(
          path,
          (same: Buffer) => same,
          (same: Buffer) => same,
          bytes,
          metadata,
          options,
          done,
        ),
      ),
    close() {
      calls.close();
      sequences.close();
      leases.close();
      admin.close();
    },
  };
}

function unary<Request, Response>(client: grpc.Client, method: Method<Request, Response>) {
  return (request: Request, given: CallOptions = {}) =>
    promised<Response>(given, (metadata, options, done) => method.bind(client)(request, metadata, options, done));
}

function promised<Response>(
  { deadlineMs = CALL_MS_MAX, metadata = {}, signal }: CallOptions,
  send: (
    metadata: grpc.Metadata,
    options: grpc.CallOptions,
    done: grpc.requestCallback<Response>,
  ) => grpc.ClientUnaryCall,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const options = { deadline: Date.now() + deadlineMs };
    const call = send(grpc.Metadata.fromHttp2Headers(metadata), options, (error, response) => {
      if (error !== null) reject(error);
      else if (response === undefined) reject(new Error("an answer without a message"));
      else resolve(response);
    });
    signal?.addEventListener("abort", () => call.cancel());
  });
}

export interface Refusal {
  /** Name of the gRPC status. */
  readonly code: string;
  readonly message: string;
  /** Names of the details' messages, in their order. */
  readonly details: readonly string[];
  readonly errorInfo?: ErrorInfo__Output;
  readonly badRequest?: BadRequest__Output;
  readonly retryInfo?: RetryInfo__Output;
  readonly quotaFailure?: QuotaFailure__Output;
}

/** How a call failed, its details decoded. Rejects when it did not fail. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const settled = await call.then(
    (answer) => ({ answer }),
    (error: grpc.ServiceError) => ({ error }),
  );
  if ("answer" in settled) throw new Error(`expected a refusal, got ${JSON.stringify(settled.answer)}`);
  const { code, details, metadata } = settled.error;
  const [bytes] = metadata?.get("grpc-status-details-bin") ?? [];
  if (!Buffer.isBuffer(bytes)) return { code: grpc.status[code], message: details, details: [] };
  return refusalIn(protos().google.rpc.Status.deserialize(bytes));
}

/** A `google.rpc.Status` taken apart, such as the error of an item. */
export function refusalIn(status: Status__Output): Refusal {
  const rpc = protos().google.rpc;
  const detail = (name: string) =>
    status.details.find(({ type_url }) => type_url.endsWith(`/google.rpc.${name}`))?.value;
  const [errorInfo, badRequest] = [detail("ErrorInfo"), detail("BadRequest")];
  const [retryInfo, quotaFailure] = [detail("RetryInfo"), detail("QuotaFailure")];
  return {
    code: grpc.status[status.code] ?? String(status.code),
    message: status.message,
    details: status.details.map(({ type_url }) => type_url.replace(/^.*\./, "")),
    ...(errorInfo && { errorInfo: rpc.ErrorInfo.deserialize(errorInfo) }),
    ...(badRequest && { badRequest: rpc.BadRequest.deserialize(badRequest) }),
    ...(retryInfo && { retryInfo: rpc.RetryInfo.deserialize(retryInfo) }),
    ...(quotaFailure && { quotaFailure: rpc.QuotaFailure.deserialize(quotaFailure) }),
  };
}

/** The fields that a refusal names, in alphabetical order. */
export function badFields(refusal: Refusal): string[] {
  return (refusal.badRequest?.fieldViolations ?? []).map(({ field }) => field).sort();
}
