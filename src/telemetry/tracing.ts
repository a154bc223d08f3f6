import { AsyncLocalStorage } from "node:async_hooks";
import type { RecordAddress } from "../domain/address.ts";
import { OPERATION_LENGTH_MAX, type SpanAttributes } from "./spans.ts";

/** A span that is recorded. One that is not does not exist. */
export interface Span {
  /** Its own context, in W3C's form. */
  readonly traceparent: string;
  readonly traceId: string;
  readonly spanId: string;
  set(attributes: SpanAttributes): void;
  event(name: string, attributes?: SpanAttributes): void;
  /** To another span, by its W3C context; nothing happens where that is none, or this span's own. */
  link(traceparent: string, attributes: SpanAttributes): void;
  child(name: string, kind: "client" | "internal", attributes: SpanAttributes): Span;
  /** Closes it; with `error` as failed, by its reason. */
  end(error?: string): void;
}

export interface SpanStart {
  readonly name: string;
  /** W3C context of the caller; empty = there is none. */
  readonly traceparent: string;
  readonly tracestate: string;
  readonly attributes: SpanAttributes;
}

/** Starts the spans of calls; loaded only where an exporter is configured. */
export interface Tracer {
  /** Whether a call is traced, by its caller's W3C context. */
  samples(traceparent: string): boolean;
  start(call: SpanStart): Span;
}

/** What a call that is traced carries along, out of sight of everything between transport and store. */
interface Scope {
  readonly span: Span;
  /** Of a batch: how often each outcome came. Undefined = the call is a single one. */
  readonly outcomes: Map<string, number> | undefined;
  links: number;
}

/** One for the process: where a line is logged nobody hands it a span. */
const SCOPES = new AsyncLocalStorage<Scope>();

/** The span of the call that runs; undefined = there is none, or it is not traced. */
export function spanOfNow(): Span | undefined {
  return SCOPES.getStore()?.span;
}

/** Links of one span at most: what OpenTelemetry keeps by default, less some room. */
const LINKS_MAX = 100;

/**
 * Knows the span of the call that runs. All of it is one look at a field where nothing is traced; where something is, a
 * call that is not sampled costs no more than the question.
 */
export class Tracing {
  readonly #tracer: Tracer | undefined;

  /** @param tracer undefined = nothing is traced */
  constructor(tracer?: Tracer) {
    this.#tracer = tracer;
  }

  get active(): boolean {
    return this.#tracer !== undefined;
  }

  /** Asked first, so that a call that is not traced costs the question alone. */
  samples(traceparent: string): boolean {
    return this.#tracer?.samples(traceparent) === true;
  }

  /** Undefined where nothing is traced. */
  start(call: SpanStart): Span | undefined {
    return this.#tracer?.start(call);
  }

  /** Runs `work` as what the span stands for. */
  within<T>(span: Span, { batch }: { readonly batch: boolean }, work: () => T): T {
    return SCOPES.run({ span, outcomes: batch ? new Map() : undefined, links: 0 }, work);
  }

  /** The span of the call that runs. */
  current(): Span | undefined {
    return this.#tracer === undefined ? undefined : spanOfNow();
  }

  /**
   * Notes on the span of the call that runs what it was answered, and links it to the run that its record began with
   * (`first`, its W3C context). The items of a batch share a span: their outcomes are counted on it.
   */
  answered(address: Pick<RecordAddress, "namespace"> & Partial<RecordAddress>, answer: Answer): void {
    const scope = this.#tracer === undefined ? undefined : SCOPES.getStore();
    if (scope === undefined) return;
    const { span, outcomes } = scope;
    const { outcome, first = "", attributes = {} } = answer;
    const { namespace, operation = "" } = address;
    if (outcomes === undefined) {
      const named = operation === "" ? {} : { "onceward.operation": operation.slice(0, OPERATION_LENGTH_MAX) };
      span.set({ "onceward.namespace": namespace, ...named, "onceward.outcome": outcome, ...attributes });
    } else {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    if (first === "" || scope.links === LINKS_MAX) return;
    scope.links++;
    span.link(first, { "onceward.link.type": "first_attempt", "onceward.outcome": outcome });
  }

  /** Of a batch, when all its items are answered. */
  summary(): SpanAttributes {
    const outcomes = SCOPES.getStore()?.outcomes ?? new Map<string, number>();
    return { "onceward.batch.outcomes": [...outcomes].map(([outcome, count]) => `${outcome} ${count}`) };
  }
}

interface Answer {
  readonly outcome: string;
  /** W3C context of the record's first attempt; empty = it is not known. */
  readonly first?: string;
  readonly attributes?: SpanAttributes;
}
