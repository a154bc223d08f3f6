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
      return new OtlpSpan(tracer, started, context);
    },
  };
}

/** A class, so that its methods are there once: functions of each span would be compiled again and again (ADR 15). */
class OtlpSpan implements Span {
  readonly traceparent: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly #tracer: OtelTracer;
  readonly #span: OtelSpan;
  readonly #around: Context;

  constructor(tracer: OtelTracer, span: OtelSpan, around: Context) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    const flags = (traceFlags & TraceFlags.SAMPLED) === 0 ? "00" : "01";
    this.traceparent = `00-${traceId}-${spanId}-${flags}`;
    this.traceId = traceId;
    this.spanId = spanId;
    this.#tracer = tracer;
    this.#span = span;
    this.#around = around;
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(told(attributes));
  }

  event(name: string, attributes: SpanAttributes = {}): void {
    this.#span.addEvent(name, told(attributes));
  }

  link(to: string, attributes: SpanAttributes): void {
    const context = contextOf(to, "");
    if (context === undefined || (context.traceId === this.traceId && context.spanId === this.spanId)) return;
    this.#span.addLink({ context, attributes: told(attributes) });
  }

  child(name: string, kind: keyof typeof KINDS, attributes: SpanAttributes): Span {
    const context = trace.setSpan(this.#around, this.#span);
    const options = { kind: KINDS[kind], attributes: told(attributes) };
    return new OtlpSpan(this.#tracer, this.#tracer.startSpan(name, options, context), context);
  }

  end(error?: string): void {
    if (error !== undefined) {
      this.#span.setAttribute("error.type", error);
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end();
  }
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
