/** Stands between a client and a sidecar, call by call: keeps what was asked, and meddles where a test says so. */
import * as grpc from "@grpc/grpc-js";
import type { BeginRequest__Output } from "../../../src/transport/grpc/gen/onceward/v1/BeginRequest.ts";
import { protos } from "../../../src/transport/grpc/protos.ts";

/** The fields of any request that the tests look at. */
interface Asked {
  readonly rpc: string;
  /** Of a batch, or the one of a single call. */
  readonly items: readonly BeginRequest__Output[];
}

/**
 * What becomes of a call: `pass`; `lose` the answer, the sidecar having done what was asked; `hold` it until the caller
 * gives up; a status instead of it; or an answer of the test's own.
 */
type Fate =
  | "pass"
  | "lose"
  | "hold"
  | { readonly status: grpc.status; readonly metadata?: grpc.Metadata }
  | { readonly answer: object };

export async function openRelay(target: string) {
  const { service } = protos().onceward.v1.IdempotencyService;
  const onward = new grpc.Client(target, grpc.credentials.createInsecure());
  const asked: Asked[] = [];
  const relay = { asked, fate: (_: Asked): Fate => "pass", cancelled: 0 };
  const server = new grpc.Server();
  const definitions: Record<string, grpc.MethodDefinition<Buffer, Buffer>> = {};
  const handlers: Record<string, grpc.handleUnaryCall<Buffer, Buffer>> = {};
  const same = (bytes: Buffer) => bytes;
  for (const [name, method] of Object.entries(service as grpc.ServiceDefinition)) {
    if (method.requestStream) continue;
    definitions[name] = { ...method, requestSerialize: same, requestDeserialize: same, ...identity(same) };
    handlers[name] = (call, done) => {
      const request = method.requestDeserialize(call.request);
      const one = { rpc: name, items: request.items ?? [request] };
      asked.push(one);
      call.on("cancelled", () => {
        relay.cancelled++;
      });
      const fate = relay.fate(one);
      if (fate === "hold") return;
      if (typeof fate === "object" && "answer" in fate) return done(null, method.responseSerialize(fate.answer));
      if (typeof fate === "object") {
        return done({ code: fate.status, details: "meddled", metadata: fate.metadata ?? new grpc.Metadata() });
      }
      const options = { deadline: call.getDeadline() };
      onward.makeUnaryRequest(method.path, same, same, call.request, new grpc.Metadata(), options, (error, answer) => {
        if (fate === "lose") done({ code: grpc.status.UNAVAILABLE, details: "the answer was lost" });
        else done(error, answer);
      });
    };
  }
  server.addService(definitions as grpc.ServiceDefinition, handlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return Object.assign(relay, {
    address: `127.0.0.1:${port}`,
    /** The RPCs that came, with the number of their items. */
    seen: () => asked.map(({ rpc, items }) => `${rpc} ${items.length}`),
    close() {
      server.forceShutdown();
      onward.close();
    },
  });
}

function identity(same: (bytes: Buffer) => Buffer) {
  return { responseSerialize: same, responseDeserialize: same };
}

/** The details of a `google.rpc.Status` with RetryInfo, as a sidecar sends them. */
export function retryInfo(code: grpc.status, ms: number): grpc.Metadata {
  const { RetryInfo, Status } = protos().google.rpc;
  const value = RetryInfo.serialize({ retryDelay: { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 } });
  const details = [{ type_url: "type.googleapis.com/google.rpc.RetryInfo", value }];
  const metadata = new grpc.Metadata();
  metadata.set("grpc-status-details-bin", Status.serialize({ code, details }));
  return metadata;
}
