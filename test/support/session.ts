import * as grpc from "@grpc/grpc-js";
import type { SessionRequest } from "../../src/transport/grpc/gen/onceward/v1/SessionRequest.ts";
import type { SessionResponse__Output } from "../../src/transport/grpc/gen/onceward/v1/SessionResponse.ts";
import type { CallOptions, Client } from "./grpc.ts";

/** How a session ended. */
export interface SessionEnd {
  /** Name of the gRPC status. */
  readonly code: string;
  readonly message: string;
  readonly metadata: grpc.Metadata;
}

/** One session, its answers kept by correlation id. */
export function openSession(client: Client, { deadlineMs, metadata = {} }: CallOptions = {}) {
  const options = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
  const stream = client.calls.session(grpc.Metadata.fromHttp2Headers(metadata), options);
  const answers: SessionResponse__Output[] = [];
  const awaited = new Map<string, (answer: SessionResponse__Output) => void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<SessionEnd>();
  let last = 0n;
  stream.on("data", (answer: SessionResponse__Output) => {
    answers.push(answer);
    awaited.get(answer.correlationId)?.(answer);
    awaited.delete(answer.correlationId);
  });
  // The status says the same.
  stream.on("error", () => {});
  stream.on("status", ({ code, details, metadata: trailer }: grpc.StatusObject) => {
    end({ code: grpc.status[code], message: details, metadata: trailer });
  });
  return {
    stream,
    /** All that came, in its order. */
    answers,
    ended,
    /** Sends a call and hands out its answer; rejects when the session ends without one. */
    call(request: Omit<SessionRequest, "correlationId">): Promise<SessionResponse__Output> {
      const correlationId = String(++last);
      const answer = new Promise<SessionResponse__Output>((resolve, reject) => {
        awaited.set(correlationId, resolve);
        void ended.then(({ code }) => reject(new Error(`the session ended with ${code} before the answer`)));
      });
      stream.write({ ...request, correlationId });
      return answer;
    },
    /** Says that no more calls come, and waits for the end. */
    async halfClose(): Promise<SessionEnd> {
      stream.end();
      return ended;
    },
    cancel: () => stream.cancel(),
  };
}
