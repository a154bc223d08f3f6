/** Every span and what it may carry. As with metrics, no key, owner, stream, fingerprint, result or token is told. */

/** Names of spans that are not the name of an RPC. */
export const SPANS = {
  session: "onceward.v1.IdempotencyService/Session",
  store: "onceward.store",
  review: "onceward.inject",
} as const;

export const SPAN_ATTRIBUTES = {
  "onceward.namespace": "Namespace of the address.",
  "onceward.operation": "Operation of the address: the effect's name, cut to 64 characters.",
  "onceward.call": "The single call that came on a Session.",
  "onceward.outcome": "What the call was answered, in lower case.",
  "onceward.attempt": "Number of the attempt that started or is concerned.",
  "onceward.takeover": "True where the attempt took over from one whose lease had lapsed.",
  "onceward.resumed": "True where a Begin was repeated by the attempt that runs.",
  "onceward.late": "True where a completion came after the lease had lapsed.",
  "onceward.restored": "True where a completion restored a record that the store had lost.",
  "onceward.unguarded": "True where `fail_open` let an effect run without a record.",
  "onceward.shard": "Name of the shard that holds the record; of a batch all of them.",
  "onceward.batch.size": "Items of a batch.",
  "onceward.batch.outcomes": "Of a batch: each outcome with how often it came.",
  "onceward.inject.decision": "What a review of a pod came to: `inject`, `mend`, `leave`, `refuse` or `invalid`.",
  "onceward.wait.end": "How a wait ended: `answered`, `timed_out`, `gone` or `failed`.",
  "onceward.link.type": "`first_attempt`: the link leads to the run that the record began with.",
  "rpc.system.name": "Always `grpc`.",
  "rpc.method": "Full name of the RPC.",
  "rpc.status_code": "Name of the gRPC status.",
  "db.system.name": "`redis`, or `leveldb` for the embedded store.",
  "db.operation.name": "`EVALSHA`; absent for the embedded store.",
  "db.stored_procedure.name": "Name of the transition's script.",
  "db.operation.batch.size": "Transitions that were handed to the store at once.",
  "error.type": "Reason of the error, see errors.md.",
} as const;

type SpanAttribute = keyof typeof SPAN_ATTRIBUTES;
export type SpanAttributes = { readonly [name in SpanAttribute]?: string | number | boolean | readonly string[] };

/** Events on the span of a call that waits. */
export const EVENTS = { waitStarted: "onceward.wait.started", waitEnded: "onceward.wait.ended" } as const;

/** Longest `onceward.operation`, characters. */
export const OPERATION_LENGTH_MAX = 64;
