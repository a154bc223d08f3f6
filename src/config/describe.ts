import { INJECT_SETTINGS, injectVariableOf } from "./inject.ts";
import { variableOf } from "./load.ts";
import { POLICIES, SETTINGS } from "./settings.ts";

/** Every setting, a row each. */
export function settingsTable(): string {
  const rows = Object.entries(SETTINGS).map(([name, { default: fallback, meaning }]) => {
    const own = name in POLICIES ? "yes" : "";
    return `| \`${variableOf(name)}\` | ${fallback === "" ? "–" : `\`${fallback}\``} | ${own} | ${meaning} |`;
  });
  return ["| environment | default | per namespace | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

function injectSettingsTable(): string {
  const rows = Object.entries(INJECT_SETTINGS).map(([name, { default: fallback, meaning }]) => {
    return `| \`${injectVariableOf(name)}\` | \`${fallback}\` | ${meaning} |`;
  });
  return ["| environment | default | meaning |", "|---|---|---|", ...rows].join("\n");
}

/** `docs/configuration.md`, generated from the table of settings. */
export function describeSettings(): string {
  return `# Configuration

Generated from \`src/config/settings.ts\` by \`npm run generate\`; do not edit.

Every setting is an environment variable, or, in the YAML file that \`ONCEWARD_CONFIG\` points to, the same name in
lower case without its prefix: \`ONCEWARD_LEASE_TOTAL\` is \`lease_total\`. The environment beats the file.
\`onceward config\` prints what is in force and where each value came from; \`onceward config --check\` only checks it.
A bad configuration names every problem at once, one a line, and exits with status 78. Durations take a unit (\`ms\`,
\`s\`, \`m\`, \`h\`, \`d\`), sizes too (\`B\`, \`KiB\`, \`MiB\`).

${settingsTable()}

A namespace may have policies of its own, in the file only:

\`\`\`yaml
retention: 24h
namespaces:
  payments:
    tombstone_retention: 30d
    backoff_cap: 1m
\`\`\`

## The injector

\`onceward inject\`, the webhook of a Kubernetes cluster ([kubernetes.md](kubernetes.md)), is another process. It takes
its settings from the environment only; the chart sets what has to be set.

${injectSettingsTable()}
`;
}
