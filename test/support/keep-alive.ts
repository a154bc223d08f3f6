import * as grpc from "@grpc/grpc-js";
import type { KeepAliveRequest } from "../../src/transport/grpc/gen/onceward/v1/KeepAliveRequest.ts";
import type { KeepAliveResponse__Output } from "../../src/transport/grpc/gen/onceward/v1/KeepAliveResponse.ts";
import type { Client } from "./grpc.ts";
import type { SessionEnd } from "./session.ts";

/** What a KeepAlive told, and when it came, on the monotonic clock, ms. */
interface Told extends KeepAliveResponse__Output {
  readonly at: number;
}

/** One KeepAlive, its answers kept in their order. */
export function openKeepAlive(client: Client, first: KeepAliveRequest) {
  const stream = client.leases.keepAlive();
  const told: Told[] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<SessionEnd>();
  stream.on("data", (news: KeepAliveResponse__Output) => told.push({ ...news, at: performance.now() }));
  // The status says the same.
  stream.on("error", () => {});
  stream.on("status", ({ code, details, metadata }: grpc.StatusObject) => {
    end({ code: grpc.status[code], message: details, metadata });
  });
  stream.write(first);
  return {
    stream,
    told,
    ended,
    send: (request: KeepAliveRequest = {}) => void stream.write(request),
    halfClose: () => {
      stream.end();
      return ended;
    },
    cancel: () => stream.cancel(),
  };
}
