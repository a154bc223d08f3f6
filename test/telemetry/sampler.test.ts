import { describe, expect, it } from "vitest";
import { samplingOf } from "../../src/telemetry/otlp/sampler.ts";

/** Of callers who sample, and who do not; the trace ids are at both ends of what a ratio is compared with. */
const LOW = `00-${"0".repeat(24)}00000001-00f067aa0ba902b7-01`;
const HIGH = `00-${"0".repeat(24)}ffffffff-00f067aa0ba902b7-01`;
const UNSAMPLED = LOW.replace(/01$/, "00");
const NONE = "";

const sampling = (sampler?: string, arg?: string, drawn = 0.5) =>
  samplingOf({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: arg }, () => drawn);

describe("sampling", () => {
  it.each([undefined, "", "parentbased_always_on", "no such sampler"])("is the caller's choice with %j", (name) => {
    const samples = sampling(name === "no such sampler" ? "parentbased_nonsense" : name);
    expect([NONE, LOW, UNSAMPLED].map(samples)).toEqual([true, true, false]);
  });

  it("is the caller's choice where there is a caller's, and nobody's else, with parentbased_always_off", () => {
    expect([NONE, LOW, UNSAMPLED].map(sampling("parentbased_always_off"))).toEqual([false, true, false]);
  });

  it("asks nobody with always_on and always_off", () => {
    expect([NONE, LOW, UNSAMPLED].map(sampling("always_on"))).toEqual([true, true, true]);
    expect([NONE, LOW, UNSAMPLED].map(sampling("always_off"))).toEqual([false, false, false]);
  });

  it("takes a share of the traces that begin here", () => {
    expect(sampling("parentbased_traceidratio", "0.01", 0.009)(NONE)).toBe(true);
    expect(sampling("parentbased_traceidratio", "0.01", 0.011)(NONE)).toBe(false);
    expect(sampling("parentbased_traceidratio", "0")(NONE)).toBe(false);
    expect([LOW, UNSAMPLED].map(sampling("parentbased_traceidratio", "0"))).toEqual([true, false]);
  });

  it("judges the traces of others by their ids, as everybody on the way does", () => {
    expect([LOW, HIGH].map(sampling("traceidratio", "0.5"))).toEqual([true, false]);
  });

  it.each(["2", "-1", "much"])("takes all where the share is %s", (arg) => {
    expect(sampling("parentbased_traceidratio", arg, 0.999)(NONE)).toBe(true);
  });
});
