import { ERRORS } from "../src/base/errors.ts";
import { describeSettings } from "../src/config/describe.ts";

/** A page that is written by the program itself, so that it cannot say anything else than the program does. */
export interface Document {
  /** Where it belongs, from the project's folder. */
  readonly path: string;
  /** The whole text, with a newline at the end. */
  readonly render: () => string;
}

/** Every generated page. A new one is one entry here. */
export const DOCUMENTS: readonly Document[] = [
  { path: "docs/configuration.md", render: describeSettings },
  { path: "docs/errors.md", render: describeErrors },
];

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
    "",
    "| reason | gRPC status | what happened | what to do |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
