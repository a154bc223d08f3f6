import { Command } from "commander";
import { ConfigError, type Loaded, readSettings, variableOf } from "../../config/load.ts";
import { POLICIES, type Settings } from "../../config/settings.ts";
import { showDuration } from "../../config/values.ts";
import { EXIT, exiting, say } from "../exit.ts";
import { printable } from "../format.ts";
import type { Json } from "../json.ts";
import { withExample } from "../options.ts";
import { paint, print, printJson, table } from "../output.ts";

interface ConfigOptions {
  readonly json?: true;
  readonly check?: true;
}

export function configCommand(): Command {
  const command = new Command("config")
    .description("Shows the settings in force and where each came from, secrets masked. Talks to no sidecar.")
    .option("--check", "only say whether they are good: every problem on a line of its own, exit status 78")
    .option("--json", "print one JSON object");
  return withExample(command, "ONCEWARD_CONFIG=onceward.yaml onceward config --check").action(exiting(config));
}

async function config(options: ConfigOptions) {
  const loaded = await load();
  if (loaded instanceof ConfigError) {
    // As `serve` prints them: each names its setting itself.
    for (const problem of loaded.problems) process.stderr.write(`${printable(problem)}\n`);
    return EXIT.config;
  }
  for (const name of loaded.unknown) say(`${printable(name)} is no setting: misspelt?`);
  if (options.check) say("the configuration is good");
  else if (options.json) printJson(jsonOf(loaded));
  else print(tableOf(loaded));
  return EXIT.done;
}

async function load(): Promise<Loaded | ConfigError> {
  try {
    return await readSettings(process.env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

function tableOf({ sources, settings }: Loaded): string {
  const rows = Object.entries(sources).map(([name, { text, source }]) => [
    name,
    source === "default" ? text : paint("good", printable(text)),
    source === "environment" ? variableOf(name) : source,
  ]);
  for (const { namespace, name, text } of policiesOf(settings)) {
    rows.push([`namespaces.${namespace}.${name}`, paint("good", text), "file"]);
  }
  return table(["SETTING", "VALUE", "FROM"], rows);
}

function jsonOf({ sources, settings, unknown }: Loaded): Json {
  const namespaces: Record<string, Record<string, string>> = {};
  for (const { namespace, name, text } of policiesOf(settings)) {
    namespaces[namespace] = { ...namespaces[namespace], [name]: text };
  }
  const shown = Object.entries(sources).map(([name, { text: value, source }]) => [
    name,
    { value, source, variable: variableOf(name) },
  ]);
  return { settings: Object.fromEntries(shown), namespaces, unknown };
}

/** What single namespaces say otherwise, written as in the file. */
function policiesOf({ namespaces }: Settings) {
  return [...namespaces].flatMap(([namespace, policies]) =>
    Object.entries(policies)
      .filter(([name]) => name in POLICIES)
      .map(([name, value]) => ({
        namespace,
        name,
        text: typeof value === "number" ? showDuration(value) : `${value}`,
      })),
  );
}
