import { ROOT_CONTEXT, TraceFlags } from "@opentelemetry/api";
import { SamplingDecision, TraceIdRatioBasedSampler } from "@opentelemetry/sdk-trace";
import type { Random } from "../../base/random.ts";
import type { Environment } from "./configured.ts";

/** Whether a call is traced, by the caller's W3C context; empty = it has none, and a trace would begin here. */
export type Samples = (traceparent: string) => boolean;

/**
 * What `OTEL_TRACES_SAMPLER` and its argument say; by default everything that the caller does not say otherwise of. The
 * SDK is asked only about the trace ids of others: of those that begin here, a share is a share, and the ninety-nine
 * calls of a hundred that are not traced cost no span that records nothing.
 */
export function samplingOf(environment: Environment, random: Random): Samples {
  const name = environment.OTEL_TRACES_SAMPLER?.trim() || "parentbased_always_on";
  const kind = name.replace("parentbased_", "");
  const ratio = kind === "always_off" ? 0 : kind === "traceidratio" ? ratioIn(environment) : 1;
  const root = () => ratio === 1 || random() < ratio;
  if (name.startsWith("parentbased_")) return (parent) => (parent === "" ? root() : isSampled(parent));
  const sampler = new TraceIdRatioBasedSampler(ratio);
  const others = (traceId: string) => sampler.shouldSample(ROOT_CONTEXT, traceId).decision;
  return (parent) => (parent === "" ? root() : others(parent.slice(3, 35)) === SamplingDecision.RECORD_AND_SAMPLED);
}

function isSampled(traceparent: string): boolean {
  return (Number.parseInt(traceparent.slice(-2), 16) & TraceFlags.SAMPLED) !== 0;
}

function ratioIn(environment: Environment): number {
  const text = environment.OTEL_TRACES_SAMPLER_ARG?.trim() || "1";
  const ratio = Number(text);
  return ratio >= 0 && ratio <= 1 ? ratio : 1;
}
