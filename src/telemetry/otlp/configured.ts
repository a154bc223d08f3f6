/** What the standard `OTEL_*` variables ask for, told without loading anything of OpenTelemetry's. */

export type Environment = Readonly<Record<string, string | undefined>>;

const PROTOCOLS = ["grpc", "http/protobuf", "http/json"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export interface Configured {
  /** Undefined = that signal is not exported. */
  readonly traces: Protocol | undefined;
  readonly metrics: Protocol | undefined;
  /** Settings that are ignored, and why; for the log. */
  readonly ignored: readonly string[];
}

const DEFAULT_PROTOCOL: Protocol = "http/protobuf";

/**
 * A signal is exported where its exporter is named (`OTEL_TRACES_EXPORTER=otlp`) or an endpoint is given; without
 * either nothing is, other than the specification's default: a sidecar does not look for a collector by itself.
 */
export function configured(environment: Environment): Configured {
  const ignored: string[] = [];
  const given = (name: string) => environment[name]?.trim() || undefined;
  if (given("OTEL_SDK_DISABLED")?.toLowerCase() === "true") return { traces: undefined, metrics: undefined, ignored };
  const signal = (name: "TRACES" | "METRICS"): Protocol | undefined => {
    const endpoint = given(`OTEL_EXPORTER_OTLP_${name}_ENDPOINT`) ?? given("OTEL_EXPORTER_OTLP_ENDPOINT");
    const exporter = given(`OTEL_${name}_EXPORTER`) ?? (endpoint === undefined ? "none" : "otlp");
    if (exporter === "none") return undefined;
    if (exporter !== "otlp") {
      ignored.push(`OTEL_${name}_EXPORTER=${exporter}: only otlp and none are known`);
      return undefined;
    }
    const asked = given(`OTEL_EXPORTER_OTLP_${name}_PROTOCOL`) ?? given("OTEL_EXPORTER_OTLP_PROTOCOL");
    const protocol = PROTOCOLS.find((one) => one === (asked ?? DEFAULT_PROTOCOL));
    if (protocol === undefined) ignored.push(`the OTLP protocol ${asked}: ${DEFAULT_PROTOCOL} is used`);
    return protocol ?? DEFAULT_PROTOCOL;
  };
  return { traces: signal("TRACES"), metrics: signal("METRICS"), ignored };
}

/** A whole number above 0; anything else is ignored, as the specification asks for. */
export function positive(environment: Environment, name: string): number | undefined {
  const value = Number(environment[name]?.trim() || Number.NaN);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}
