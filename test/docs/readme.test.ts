import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningSidecar, startProcess } from "../support/sidecar.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const README = readFileSync(join(ROOT, "README.md"), "utf8");
/** What the README says a sidecar listens on; the test's own listens elsewhere. */
const DEFAULT_ADDRESS = "127.0.0.1:7600";
const PYTHON_PACKAGES = ["grpcio-tools==1.85.1", "googleapis-common-protos==1.76.0"];
const INSTALL_MS = 240_000;

interface Step {
  readonly command: string;
  /** What the comment below the command says is printed. */
  readonly prints: string;
}

/** The commands that the README tells people to try, in order. */
const STEPS: readonly Step[] = [...README.matchAll(/<!-- tried: begin -->\n```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block]) => [...(block ?? "").matchAll(/^(npx [\s\S]*?[^\\])\n# (.*)$/gm)])
  .map(([, command, prints]) => ({ command: command ?? "", prints: prints ?? "" }));

function run(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const options = { cwd: ROOT, env: { ...process.env, ...env } };
  return new Promise((resolve, reject) => {
    execFile(file, args, options, (error, stdout, stderr) => {
      // The commands whose answer is a no exit with 1: what counts is what they print.
      if (error !== null && error.code !== 1) reject(new Error(`${file} ${args.join(" ")}: ${stderr}`));
      else resolve(stdout + stderr);
    });
  });
}

describe("the README, followed by a stranger", () => {
  let directory = "";
  let sidecar: RunningSidecar;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "onceward-readme-"));
    sidecar = await startProcess({ ONCEWARD_STORE: `embedded:${join(directory, "store")}` });
  });

  afterAll(async () => {
    sidecar.signal("SIGTERM");
    await sidecar.exited;
    rmSync(directory, { recursive: true, force: true });
  });

  it("prints at each command what the README says", { timeout: 120_000 }, async () => {
    expect(STEPS.length).toBeGreaterThanOrEqual(6);
    let token = "";
    for (const { command, prints } of STEPS) {
      const asked = command.replaceAll(DEFAULT_ADDRESS, sidecar.ready.listen).replace("<token>", token);
      const printed = await run("bash", ["-c", asked], { ONCEWARD_ADDRESS: sidecar.ready.listen });
      expect(printed, asked).toContain(prints);
      token ||= /^token +(\d+)$/m.exec(printed)?.[1] ?? "";
    }
  });

  it("shows a Python client that runs its effect once", { timeout: INSTALL_MS }, async (test) => {
    const python = join(directory, "venv", "bin", "python");
    try {
      await run("python3", ["-m", "venv", join(directory, "venv")]);
      await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PYTHON_PACKAGES]);
      await run(python, ["-c", "import grpc_tools.protoc"]);
    } catch (error) {
      test.skip(`needs python3 with venv and a package index: ${String(error)}`);
    }
    const charge = () => run(python, ["examples/python/charge.py"], { ONCEWARD_ADDRESS: sidecar.ready.listen });
    expect(await charge()).toMatch(/^STARTED/);
    expect(await charge()).toBe("REPLAY charged 100 EUR\n");
  });
});
