/** W3C trace context: which trace of the API server a review belongs to, for the log. */
export interface TraceContext {
  readonly trace_id: string;
  readonly span_id: string;
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;

/** Undefined where the header is absent or not well formed: the specification wants it ignored then. */
export function traceOf(header: string | undefined): TraceContext | undefined {
  const [, trace, span] = TRACEPARENT.exec(header ?? "") ?? [];
  return trace === undefined || span === undefined ? undefined : { trace_id: trace, span_id: span };
}
