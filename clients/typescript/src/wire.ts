/** The methods of the contract as bytes, and what both batches are. */
import type { CallOptions, Client, ServiceError } from "@grpc/grpc-js";
import { Metadata } from "@grpc/grpc-js";

const SERVICE = "/onceward.v1.IdempotencyService/";

export type Rpc = "Begin" | "Complete" | "Get" | "Renew" | "Checkpoint" | "Release" | "BeginBatch" | "CompleteBatch";

interface Sent {
  readonly rpc: Rpc;
  readonly message: Buffer;
  readonly options: CallOptions;
}

/** A message and its answer; what it returns can be cancelled. */
export function send(
  client: Client,
  { rpc, message, options }: Sent,
  done: (error: ServiceError | null, answer?: Buffer) => void,
) {
  return client.makeUnaryRequest(SERVICE + rpc, same, same, message, new Metadata(), options, done);
}

function same(bytes: Buffer): Buffer {
  return bytes;
}
