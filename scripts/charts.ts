/** What of the charts is generated: the table of values of each, and the names of settings in the library's schema. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { SETTINGS } from "../src/config/settings.ts";

/** A value as its schema says it, as far as a table needs it. */
interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: Schema;
}

/** Settings that values of their own stand for: a second variable of that name would win or lose by chance. */
const HAVE_VALUES = ["listen", "ops_listen", "socket_mode", "store", "log_level", "fail_open"];

export const LIBRARY_SCHEMA = "charts/onceward-lib/values.schema.json";

/** The schema of the library with the names of today's settings in it, so that Helm refuses a misspelt one. */
export function librarySchema(): string {
  const schema = JSON.parse(readFileSync(LIBRARY_SCHEMA, "utf8"));
  const names = Object.keys(SETTINGS).filter((name) => !HAVE_VALUES.includes(name));
  schema.properties.settings.propertyNames = { enum: names };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Every value of a chart: meanings from its schema, defaults from its values, so that nothing is said twice. */
export function valuesTable(chart: string): string {
  const values = parse(readFileSync(`charts/${chart}/values.yaml`, "utf8"));
  const schema: Schema = JSON.parse(readFileSync(`charts/${chart}/values.schema.json`, "utf8"));
  return ["| value | default | meaning |", "|---|---|---|", ...rowsOf(schema, values, [])].join("\n");
}

function rowsOf({ properties = {} }: Schema, values: unknown, path: readonly string[]): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (name === "global") return [];
    const here = [...path, name];
    const value = (values as Readonly<Record<string, unknown>> | undefined)?.[name];
    const inner = Object.keys(value ?? {}).length > 0 ? rowsOf(schema, value, here) : [];
    if (inner.length > 0) return [`| \`${here.join(".")}\` | | ${schema.description ?? ""} |`, ...inner];
    return [`| \`${here.join(".")}\` | ${shown(value)} | ${schema.description ?? ""}${choices(schema)} |`];
  });
}

function shown(value: unknown): string {
  return value === "" || value === undefined ? "–" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function choices({ enum: list }: Schema): string {
  const words = list?.filter((one) => typeof one === "string").map((one) => `\`${one}\``);
  return words === undefined ? "" : ` One of ${words.join(", ")}.`;
}
