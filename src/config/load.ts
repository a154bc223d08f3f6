import { readFileSync } from "node:fs";
import * as z from "zod";
import { invariant } from "../base/assert.ts";
import {
  isNamespace,
  POLICIES,
  type Policies,
  SETTINGS,
  type Setting,
  type SettingName,
  type Settings,
} from "./settings.ts";
import { showDuration } from "./values.ts";

export const ENV_PREFIX = "ONCEWARD_";
/** Names the file; not a setting itself. */
const CONFIG_FILE_VARIABLE = "ONCEWARD_CONFIG";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every problem of a configuration at once, each naming its setting. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

export interface Loaded {
  readonly settings: Settings;
  /** What each setting was written as, and where; for `onceward config`. */
  readonly sources: Readonly<
    Record<string, { readonly text: string; readonly source: "default" | "file" | "environment" }>
  >;
  /** Variables that look like ours and are no setting: mostly misspelt. */
  readonly unknown: readonly string[];
}

export type ParseYaml = (text: string) => unknown;

/** As {@link loadSettings}; what reads YAML is loaded only where there is a file. Rejects as that throws. */
export async function readSettings(environment: Environment): Promise<Loaded> {
  const named = environment[CONFIG_FILE_VARIABLE] ?? "";
  return loadSettings(environment, named === "" ? undefined : (await import("yaml")).parse);
}

/**
 * Reads the settings: environment beats file beats default.
 * @param parseYaml needed where the environment names a file
 * @throws {ConfigError} naming every problem of both.
 */
export function loadSettings(environment: Environment, parseYaml?: ParseYaml): Loaded {
  const problems: string[] = [];
  const file = readFile(environment[CONFIG_FILE_VARIABLE], parseYaml, problems);
  const values: Record<string, unknown> = {};
  const sources: Record<string, Loaded["sources"][string]> = {};
  for (const [name, setting] of Object.entries<Setting<unknown>>(SETTINGS)) {
    const given = environment[variableOf(name)];
    const source = given !== undefined ? "environment" : Object.hasOwn(file, name) ? "file" : "default";
    const raw = source === "environment" ? given : source === "file" ? file[name] : setting.default;
    const label = source === "file" ? `${name} (in the file)` : variableOf(name);
    const value = check(setting, raw, label, problems);
    values[name] = value;
    const shown = value === undefined ? undefined : setting.mask?.(value);
    sources[name] = { text: shown ?? String(raw), source };
  }
  const namespaces = readNamespaces(file.namespaces, problems);
  checkTogether(values, problems);
  for (const name of Object.keys(file)) {
    if (!Object.hasOwn(SETTINGS, name) && name !== "namespaces") problems.push(`${name} (in the file): is no setting`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  // Every name of the table was checked by its own schema just above.
  const settings = { ...values, namespaces } as unknown as Settings;
  return { settings, sources, unknown: unknownVariables(environment) };
}

export function variableOf(name: string): string {
  return ENV_PREFIX + name.toUpperCase();
}

export function check<T>(setting: Setting<T>, raw: unknown, label: string, problems: string[]): T | undefined {
  const result = setting.schema.safeParse(raw);
  if (result.success) return result.data;
  problems.push(`${label}: ${result.error.issues.map((issue) => issue.message).join("; ")}`);
  return undefined;
}

/** What no setting can get wrong alone. A value is undefined where it is bad itself. */
function checkTogether(values: Readonly<Record<string, unknown>>, problems: string[]): void {
  const { lease_ttl: ttl, lease_ttl_max: max } = values as Partial<Settings>;
  if (ttl === undefined || max === undefined || ttl <= max) return;
  problems.push(`${variableOf("lease_ttl")}: must be at most ${variableOf("lease_ttl_max")}, ${showDuration(max)}`);
}

function readFile(
  path: string | undefined,
  parseYaml: ParseYaml | undefined,
  problems: string[],
): Record<string, unknown> {
  if (path === undefined || path === "") return {};
  invariant(parseYaml !== undefined, "a file is read by whoever can read YAML");
  let content: unknown;
  try {
    content = parseYaml(readFileSync(path, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    problems.push(`${CONFIG_FILE_VARIABLE}: cannot read ${path}: ${why}`);
    return {};
  }
  return asMapping(content ?? {}, `${CONFIG_FILE_VARIABLE}: ${path}`, problems);
}

function readNamespaces(raw: unknown, problems: string[]): ReadonlyMap<string, Partial<Policies>> {
  const namespaces = new Map<string, Partial<Policies>>();
  for (const [namespace, content] of Object.entries(asMapping(raw ?? {}, "namespaces (in the file)", problems))) {
    const label = `namespaces.${namespace}`;
    if (!isNamespace(namespace)) problems.push(`${label}: is no name of a namespace`);
    const policies: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(asMapping(content ?? {}, label, problems))) {
      const setting: Setting<unknown> | undefined = isPolicy(name) ? POLICIES[name] : undefined;
      if (setting === undefined) problems.push(`${label}.${name}: is no policy of a namespace`);
      else policies[name] = check(setting, value, `${label}.${name}`, problems);
    }
    namespaces.set(namespace, policies);
  }
  return namespaces;
}

function isPolicy(name: string): name is keyof Policies {
  return Object.hasOwn(POLICIES, name);
}

function asMapping(content: unknown, label: string, problems: string[]): Record<string, unknown> {
  const result = z.record(z.string(), z.unknown()).safeParse(content);
  if (result.success) return result.data;
  problems.push(`${label}: must be a mapping of names to values`);
  return {};
}

/** Kubernetes puts ONCEWARD_SERVICE_HOST, ONCEWARD_PORT_… beside any service of that name: those are not ours. */
const LINK_VARIABLE = /_(SERVICE_(HOST|PORT.*)|PORT(_\d+_.*)?)$/;
/** Read by clients and tests, or told to a command by `onceward lease run`; not for the sidecar. */
const NOT_SETTINGS = new Set([
  ...[CONFIG_FILE_VARIABLE, "ONCEWARD_ADDRESS", "ONCEWARD_SEED", "ONCEWARD_RUNS"],
  ...["ONCEWARD_NAMESPACE", "ONCEWARD_RESOURCE", "ONCEWARD_LEASE_ID", "ONCEWARD_FENCING_TOKEN"],
]);

function unknownVariables(environment: Environment): string[] {
  const known = new Set((Object.keys(SETTINGS) as SettingName[]).map(variableOf));
  return Object.keys(environment).filter(
    (name) => name.startsWith(ENV_PREFIX) && !known.has(name) && !NOT_SETTINGS.has(name) && !LINK_VARIABLE.test(name),
  );
}
