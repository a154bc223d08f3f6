import {
  type Attributes,
  type Context,
  createTraceState,
  type Span as OtelSpan,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import type { SpanAttributes } from "../spans.ts";
import type { Span, SpanStart, Tracer } from "../tracing.ts";
import type { Samples } from "./sampler.ts";

const KINDS = { client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

/** Our few words about spans, over OpenTelemetry's API. */
export function tracerOver(tracer: OtelTracer, samples: Samples): Tracer {
  return {
    samples,
    start: ({ name, traceparent, tracestate, attributes }: SpanStart) => {
      const parent = contextOf(traceparent, tracestate);
      const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
      const started = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes: told(attributes) }, context);
      return spanOver(tracer, started, context);
    },
  };
}

function spanOver(tracer: OtelTracer, span: OtelSpan, around: Context): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const flags = (traceFlags & TraceFlags.SAMPLED) === 0 ? "00" : "01";
  const traceparent = `00-${traceId}-${spanId}-${flags}`;
  return {
    traceparent,
    traceId,
    spanId,
    set: (attributes) => void span.setAttributes(told(attributes)),
    event: (name, attributes = {}) => void span.addEvent(name, told(attributes)),
    link(to, attributes) {
      const context = contextOf(to, "");
      if (context === undefined || (context.traceId === traceId && context.spanId === spanId)) return;
      span.addLink({ context, attributes: told(attributes) });
    },
    child(name, kind, attributes) {
      const context = trace.setSpan(around, span);
      const options = { kind: KINDS[kind], attributes: told(attributes) };
      return spanOver(tracer, tracer.startSpan(name, options, context), context);
    },
    end(error) {
      if (error !== undefined) {
        span.setAttribute("error.type", error);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}

/** Ours are read-only; OpenTelemetry copies them. */
function told(attributes: SpanAttributes): Attributes {
  return attributes as Attributes;
}

/** @param traceparent W3C's form, checked where it came from; empty = there is none */
function contextOf(traceparent: string, tracestate: string): SpanContext | undefined {
  const [version, traceId, spanId, flags] = traceparent.split("-");
  if (version !== "00" || traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  const state = tracestate === "" ? {} : { traceState: createTraceState(tracestate) };
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true, ...state };
}
