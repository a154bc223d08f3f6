import { stringify } from "yaml";
import type { RuleCase } from "./rule-case.ts";
import { RULE_CASES } from "./rule-cases.ts";
import { RULES, YAML } from "./rules.ts";

const HEAD = `# Generated from scripts/deploy/rule-cases.ts by \`npm run generate\`; do not edit.
# To run: promtool test rules rules.test.yaml
`;

/** `deploy/prometheus/rules.test.yaml`, for promtool. */
export function ruleTests(): string {
  return HEAD + stringify({ rule_files: ["rules.yaml"], evaluation_interval: "1m", tests: RULE_CASES.map(test) }, YAML);
}

function test({ rule: name, story, series, at, fires }: RuleCase) {
  const rule = RULES.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`there is no rule ${name}`);
  return {
    name: `${name}: ${story}`,
    interval: "1m",
    input_series: Object.entries(series).map(([of, values]) => ({ series: of, values })),
    alert_rule_test: [
      {
        eval_time: at,
        alertname: name,
        exp_alerts: fires.map(({ labels, summary }) => ({
          exp_labels: { severity: rule.severity, ...labels },
          exp_annotations: { summary, description: rule.remedy },
        })),
      },
    ],
  };
}
