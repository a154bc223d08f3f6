import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";
import type { Environment } from "./configured.ts";

/** What `OTEL_TRACES_SAMPLER` and its argument say; by default everything that the caller does not say otherwise of. */
export function samplerOf(environment: Environment): Sampler {
  const name = environment.OTEL_TRACES_SAMPLER?.trim() || "parentbased_always_on";
  const parentBased = name.startsWith("parentbased_");
  const root = rootOf(name.replace("parentbased_", ""), environment);
  return parentBased ? new ParentBasedSampler({ root }) : root;
}

function rootOf(name: string, environment: Environment): Sampler {
  if (name === "always_off") return new AlwaysOffSampler();
  if (name === "traceidratio") return new TraceIdRatioBasedSampler(ratioIn(environment));
  return new AlwaysOnSampler();
}

function ratioIn(environment: Environment): number {
  const text = environment.OTEL_TRACES_SAMPLER_ARG?.trim() || "1";
  const ratio = Number(text);
  return ratio >= 0 && ratio <= 1 ? ratio : 1;
}
