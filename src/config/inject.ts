/** Settings of `onceward inject`, which is another process than the sidecar and shares none of its settings. */
import * as z from "zod";
import { LOG_LEVELS } from "../base/log-level.ts";
import { ConfigError, check, type Environment } from "./load.ts";
import { type Setting, setting } from "./settings.ts";
import { duration, listenAddress } from "./values.ts";

const INJECT_PREFIX = "ONCEWARD_INJECT_";

const file = z.string().min(1, "must be the path of a file");
const tcpAddress = listenAddress.refine((text) => !text.startsWith("unix:"), "must be host:port");

export const INJECT_SETTINGS = {
  listen: setting(tcpAddress, "0.0.0.0:10250", "HTTPS listener that the API server calls, at /inject."),
  ops_listen: setting(tcpAddress, "0.0.0.0:7601", "Listener of /livez, /readyz and /metrics, without TLS."),
  template: setting(file, "/etc/onceward/template/sidecar.json", "What is put into pods, as the chart renders it."),
  certificate: setting(file, "/etc/onceward/tls/tls.crt", "Certificate in PEM, the leaf first; read anew on change."),
  private_key: setting(file, "/etc/onceward/tls/tls.key", "Its private key in PEM."),
  reload: setting(
    duration({ min: 10, max: 3_600_000 }),
    "10s",
    "How often the three files are read; one that is bad is told in the log, and the last good one stays in use.",
  ),
  drain: setting(duration({ min: 0, max: 60_000 }), "5s", "How long reviews may go on after SIGTERM."),
  log_level: setting(z.enum(LOG_LEVELS), "info", "Least severe event that is logged."),
} as const;

export type InjectSettings = {
  readonly [Name in keyof typeof INJECT_SETTINGS]: z.infer<(typeof INJECT_SETTINGS)[Name]["schema"]>;
};

export interface LoadedInject {
  readonly settings: InjectSettings;
  /** Variables that look like ours and are no setting: mostly misspelt. */
  readonly unknown: readonly string[];
}

export function injectVariableOf(name: string): string {
  return INJECT_PREFIX + name.toUpperCase();
}

/** @throws {ConfigError} naming every problem. */
export function loadInjectSettings(environment: Environment): LoadedInject {
  const problems: string[] = [];
  const entries = Object.entries<Setting<unknown>>(INJECT_SETTINGS).map(([name, one]) => {
    const variable = injectVariableOf(name);
    return [name, check(one, environment[variable] ?? one.default, variable, problems)];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  const known = new Set(Object.keys(INJECT_SETTINGS).map(injectVariableOf));
  const unknown = Object.keys(environment).filter((name) => name.startsWith(INJECT_PREFIX) && !known.has(name));
  // Every name of the table was checked by its own schema just above.
  return { settings: Object.fromEntries(entries) as unknown as InjectSettings, unknown };
}
