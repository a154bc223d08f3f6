/** What a page of documentation tells people to try, and the trying of it. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** What every page says a sidecar listens on; the test's own listens elsewhere. */
const DEFAULT_ADDRESS = "127.0.0.1:7600";

export interface Step {
  readonly command: string;
  /** What the comment below the command says is printed. */
  readonly prints: string;
}

export function page(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The commands that a page tells people to try, in order. */
export function stepsOf(text: string): readonly Step[] {
  return [...text.matchAll(/<!-- tried: begin -->\n```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block]) => [...(block ?? "").matchAll(/^(npx [\s\S]*?[^\\])\n# (.*)$/gm)])
    .map(([, command, prints]) => ({ command: command ?? "", prints: prints ?? "" }));
}

/** The SQL that a page tells people to write. */
export function sqlOf(text: string): readonly string[] {
  return [...text.matchAll(/<!-- tried: sql -->\n```sql\n([\s\S]*?)```/g)].map(([, sql]) => sql ?? "");
}

/** Runs a program from the project's folder; what it prints on both its outputs. */
export function run(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const options = { cwd: ROOT, env: { ...process.env, ...env } };
  return new Promise((resolve, reject) => {
    execFile(file, args, options, (error, stdout, stderr) => {
      // The commands whose answer is a no exit with 1: what counts is what they print.
      if (error !== null && error.code !== 1) reject(new Error(`${file} ${args.join(" ")}: ${stderr}`));
      else resolve(stdout + stderr);
    });
  });
}

/** Does one step after the other, each `<token>` being the last that was printed; what each printed. */
export async function* follow(steps: readonly Step[], address: string) {
  let token = "";
  for (const step of steps) {
    const asked = step.command.replaceAll(DEFAULT_ADDRESS, address).replace("<token>", token);
    const printed = await run("bash", ["-c", asked], { ONCEWARD_ADDRESS: address });
    yield { ...step, asked, printed };
    token = /^token +(\d+)$/m.exec(printed)?.[1] ?? token;
  }
}
