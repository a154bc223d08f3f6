import { existsSync, readFileSync } from "node:fs";
import { ERRORS } from "../src/base/errors.ts";
import { describeSettings, settingsTable } from "../src/config/describe.ts";
import { ANNOTATIONS, PREFIX } from "../src/inject/annotations.ts";
import { LIBRARY_SCHEMA, librarySchema, valuesTable } from "./charts.ts";
import { dashboard } from "./deploy/dashboard.ts";
import { metricsPage } from "./deploy/metrics-page.ts";
import { ruleTests } from "./deploy/rule-tests.ts";
import { rulesFile } from "./deploy/rules.ts";

/** A page that is written by the program itself, so that it cannot say anything else than the program does. */
export interface Document {
  /** Where it belongs, from the project's folder. */
  readonly path: string;
  /** The whole text, with a newline at the end. */
  readonly render: () => string;
}

/** Pages with parts that are generated. */
const PARTLY = [
  ...["README.md", "docs/ordering.md", "docs/leases.md", "docs/kubernetes.md"],
  ...["charts/onceward-lib/README.md", "charts/onceward/README.md"],
];

/** A chart can read its own files only: what it needs of others lies in it as a copy. */
const COPIES: Readonly<Record<string, string>> = {
  "charts/onceward/files/sidecar-rules.yaml": "deploy/prometheus/rules.yaml",
  "charts/onceward/files/onceward-dashboard.json": "deploy/grafana/onceward.json",
};

const WRITTEN: readonly Document[] = [
  { path: "docs/configuration.md", render: describeSettings },
  { path: "docs/errors.md", render: describeErrors },
  { path: "docs/metrics.md", render: metricsPage },
  { path: "deploy/grafana/onceward.json", render: dashboard },
  { path: "deploy/prometheus/rules.yaml", render: rulesFile },
  { path: "deploy/prometheus/rules.test.yaml", render: ruleTests },
  { path: LIBRARY_SCHEMA, render: librarySchema },
  ...PARTLY.map((path) => ({ path, render: () => fill(path) })),
];

/** Every generated page. A new one is one entry above; what is copied follows what is written now, not what was. */
export const DOCUMENTS: readonly Document[] = [
  ...WRITTEN,
  ...Object.entries(COPIES).flatMap(([path, source]) => {
    const written = WRITTEN.find((one) => one.path === source);
    if (written !== undefined) return [{ path, render: written.render }];
    return existsSync(source) ? [{ path, render: () => readFileSync(source, "utf8") }] : [];
  }),
];

/** What stands in a page between `<!-- generated: name -->` and `<!-- end -->`. */
const PARTS: Readonly<Record<string, () => string>> = {
  settings: settingsTable,
  annotations: annotationsTable,
  "values of onceward-lib": () => valuesTable("onceward-lib"),
  "values of onceward": () => valuesTable("onceward"),
  "python example": () => python("charge.py"),
  "consumer example": () => python("consume.py"),
  "lease example": () => python("report.py"),
};

function annotationsTable(): string {
  const rows = Object.entries(ANNOTATIONS).map(([name, { meaning }]) => `| \`${PREFIX}${name}\` | ${meaning} |`);
  return ["| annotation | meaning |", "|---|---|", ...rows].join("\n");
}

function python(name: string): string {
  return `\`\`\`python\n${readFileSync(`examples/python/${name}`, "utf8").trim()}\n\`\`\``;
}

function fill(path: string): string {
  const part = /(<!-- generated: (.+?) -->\n)[\s\S]*?(<!-- end -->)/g;
  return readFileSync(path, "utf8").replace(part, (_, start: string, name: string, end: string) => {
    const write = PARTS[name];
    if (write === undefined) throw new Error(`${path} asks for the generated part "${name}", which nobody writes`);
    return `${start}${write()}\n${end}`;
  });
}

function describeErrors(): string {
  const rows = Object.entries(ERRORS).map(
    ([reason, { status, meaning, remedy }]) => `| \`${reason}\` | \`${status}\` | ${meaning} | ${remedy} |`,
  );
  return [
    "# Errors",
    "",
    "Generated from `src/base/errors.ts` by `npm run generate`; do not edit.",
    "",
    "Everything the protocol expects (a duplicate, a mismatch, a stale token) is an outcome in an `OK` response. An",
    "error is bad input or a fault. Each carries `google.rpc.Status` details (`grpc-status-details-bin`) with an",
    "`ErrorInfo` of domain `onceward`, whose `reason` is one of these. The list is closed: a program may switch on it.",
    "Without details come only the errors of the gRPC library itself: a deadline that passed, a message over 4 MiB, an",
    "unknown RPC, a broken connection.",
    "",
    "| reason | gRPC status | what happened | what to do |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
