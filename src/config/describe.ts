import { variableOf } from "./load.ts";
import { POLICIES, SETTINGS } from "./settings.ts";

/** `docs/configuration.md`, generated from the table of settings. */
export function describeSettings(): string {
  const rows = Object.entries(SETTINGS).map(([name, { default: fallback, meaning }]) => {
    const own = name in POLICIES ? "yes" : "";
    return `| \`${name}\` | \`${variableOf(name)}\` | ${fallback === "" ? "–" : `\`${fallback}\``} | ${own} | ${meaning} |`;
  });
  return [
    "# Configuration",
    "",
    "Generated from `src/config/settings.ts` by `npm run generate`; do not edit.",
    "",
    "Every setting is an environment variable, or a name in the YAML file that `ONCEWARD_CONFIG` points to; the",
    "environment beats the file. `onceward config` prints what is in force and where each value came from. A bad",
    "configuration names every problem at once, one a line, and exits with status 78. Durations take a unit (`ms`, `s`,",
    "`m`, `h`, `d`), sizes too (`B`, `KiB`, `MiB`).",
    "",
    "| in the file | environment | default | per namespace | meaning |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    "A namespace may have policies of its own, in the file only:",
    "",
    "```yaml",
    "retention: 24h",
    "namespaces:",
    "  payments:",
    "    tombstone_retention: 30d",
    "    backoff_cap: 1m",
    "```",
    "",
  ].join("\n");
}
