/** The services as grpc-js serves them. */
import type * as grpc from "@grpc/grpc-js";
import { deferred } from "./deferred.ts";
import { protos } from "./protos.ts";
import { type Suspicion, suspicionOf } from "./suspicion.ts";
import { checkingText } from "./text.ts";
import * as requests from "./wire/requests.ts";
import * as responses from "./wire/responses.ts";

export type ServiceName = "AdminService" | "IdempotencyService" | "LeaseService" | "SequenceService";

/** Both ways; all others are unary. */
const STREAMS = new Set(["IdempotencyService/Session", "LeaseService/KeepAlive"]);

/** What is asked for most is read and written by hand, and so needs nothing of `proto/`. */
const BY_HAND = new Map(
  Object.entries({
    Begin: [requests.readBeginRequest, responses.writeBeginResponse],
    BeginBatch: [requests.readBeginBatchRequest, responses.writeBeginBatchResponse],
    Complete: [requests.readCompleteRequest, responses.writeCompleteResponse],
    CompleteBatch: [requests.readCompleteBatchRequest, responses.writeCompleteBatchResponse],
    Get: [requests.readGetRequest, responses.writeGetResponse],
    Renew: [requests.readRenewRequest, responses.writeRenewResponse],
    Checkpoint: [requests.readCheckpointRequest, responses.writeCheckpointResponse],
    Release: [requests.readReleaseRequest, responses.writeReleaseResponse],
    Session: [requests.readSessionRequest, responses.writeSessionResponse],
  } as const).map(([name, [requestDeserialize, responseSerialize]]) => {
    const codec = { requestDeserialize, responseSerialize } as Pick<Method, "requestDeserialize" | "responseSerialize">;
    return [`IdempotencyService/${name}`, codec];
  }),
);

type Method = grpc.MethodDefinition<object, object>;

/** What is known of a service without its messages, and these where they are needed; a test holds it to `proto/`. */
export function definitionOf(service: ServiceName, names: readonly string[]): grpc.ServiceDefinition {
  const methods = names.map((name) => {
    const stream = STREAMS.has(`${service}/${name}`);
    const about = { path: `/onceward.v1.${service}/${name}`, requestStream: stream, responseStream: stream };
    const method = deferred(about, () => withCheckedText(protos().onceward.v1[service].service, name));
    return [name, { ...method, ...BY_HAND.get(`${service}/${name}`) }];
  });
  return Object.fromEntries(methods);
}

function withCheckedText(service: object, name: string): Method {
  const method = (service as Readonly<Record<string, Method>>)[name]; // each has its own type
  if (method === undefined) throw new Error(`proto/ has no method ${name}`);
  return { ...method, requestDeserialize: checkingText(method.requestDeserialize, suspicionOfRequest(method)) };
}

/** What proto-loader says of a method beyond what grpc-js declares. */
interface MethodType {
  readonly requestType?: { readonly type: Parameters<typeof suspicionOf>[0] };
}

function suspicionOfRequest(method: object): Suspicion {
  const { requestType } = method as MethodType; // made by proto-loader
  const messages: Readonly<Record<string, unknown>> = protos().onceward.v1;
  const lookup = (name: string) => (messages[name] as MethodType["requestType"] | undefined)?.type;
  if (requestType === undefined) throw new Error("a method without the type of its request");
  return suspicionOf(requestType.type, lookup);
}
