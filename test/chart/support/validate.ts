/** Whether Kubernetes would take an object, asked of its published schemas: no cluster needed. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { VALIDATOR } from "../../../scripts/support/kubernetes.ts";

const SCRIPT = fileURLToPath(new URL("./validate.py", import.meta.url));

interface Question {
  /** Minor version of Kubernetes, such as 1.36. */
  readonly version: string;
  readonly object: object;
}

/** For each object what is wrong with it; unknown fields are. @throws when it could not be asked. */
export function faultsOf(questions: readonly Question[]): string[][] {
  const input = questions.map((one) => `${JSON.stringify(one)}\n`).join("");
  const { status, stdout, stderr } = spawnSync(VALIDATOR.python, [SCRIPT], {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  const answers = stdout.split("\n").slice(0, -1);
  if (status !== 0 || answers.length !== questions.length) throw new Error(`the validator failed: ${stderr}`);
  return answers.map((line) => JSON.parse(line));
}
