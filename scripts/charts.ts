/** What of the charts is generated: their README.md, and the names of settings in the library's schema. */
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

const INTRODUCTIONS = {
  "onceward-lib": `Named templates that put the onceward sidecar into a chart of your own: nothing runs in the cluster but your pods.
How, step by step, is in [docs/kubernetes.md](../../docs/kubernetes.md).

\`\`\`yaml
# Chart.yaml
dependencies:
  - name: onceward-lib
    version: VERSION
    repository: file://../onceward-lib # or where you keep your charts
    alias: onceward
\`\`\`

| template | put it under | gives |
|---|---|---|
| \`onceward.v1.initContainers\` | \`spec.initContainers\`, before those of the app | the sidecar; nothing where it is no native one |
| \`onceward.v1.containers\` | \`spec.containers\`, before those of the app | the sidecar where it is no native one |
| \`onceward.v1.volumes\` | \`spec.volumes\` | volumes that the sidecar needs; may be nothing |
| \`onceward.v1.appEnv\` | \`env\` of a container that calls it | \`ONCEWARD_ADDRESS\` |
| \`onceward.v1.appVolumeMounts\` | \`volumeMounts\` of a container that calls it | the folder of the Unix socket; nothing with \`tcp\` |
| \`onceward.v1.podLabels\` | \`metadata.labels\` of the pod | the label that the PodMonitor selects |
| \`onceward.v1.egress\` | \`spec.egress\` of a NetworkPolicy of the pod | DNS, the store, where spans go |

Each takes the root context, \`.\`, or a dict with \`onceward\` (all values) and \`Capabilities\`. Where one may give
nothing, write \`{{- with include "onceward.v1.volumes" . }}\`. The \`v1\` is part of the name because Helm has one
space of names for all charts: two versions of a library in one umbrella would otherwise silently be one.`,
  onceward: `Puts the onceward sidecar into pods that ask for it, by a webhook or by an admission policy of Kubernetes, and, if wanted,
serves onceward as a service of its own. From nothing to an injected pod: [docs/kubernetes.md](../../docs/kubernetes.md).

\`\`\`sh
helm dependency build charts/onceward
helm install onceward charts/onceward --namespace onceward --create-namespace \\
  --set sidecar.image.repository=registry.example/onceward \\
  --set sidecar.store.url=redis://redis.data:6379
\`\`\``,
} as const;
export type ChartName = keyof typeof INTRODUCTIONS;

/** A chart's README.md: meanings from its schema, defaults from its values, so that nothing is said twice. */
export function chartReadme(chart: ChartName): string {
  const { version } = parse(readFileSync(`charts/${chart}/Chart.yaml`, "utf8"));
  const values = parse(readFileSync(`charts/${chart}/values.yaml`, "utf8"));
  const schema: Schema = JSON.parse(readFileSync(`charts/${chart}/values.schema.json`, "utf8"));
  return [
    `# ${chart}`,
    "",
    "Generated from `values.schema.json` and `values.yaml` by `npm run generate`; do not edit.",
    "",
    INTRODUCTIONS[chart].replace("VERSION", version),
    "",
    "## Values",
    "",
    "A value that is none of these is refused.",
    "",
    "| value | default | meaning |",
    "|---|---|---|",
    ...rowsOf(schema, values, []),
    "",
  ].join("\n");
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
