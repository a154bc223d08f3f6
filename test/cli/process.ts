/** Commands as people run them: processes of their own, beside a sidecar in this one. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startSidecar } from "../../src/app/sidecar.ts";
import { loadSettings } from "../../src/config/load.ts";
import { silentLogger } from "../../src/telemetry/logger.ts";

export const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
}

/** Nothing of this machine's settings, so that a run is the same everywhere; `CI` makes some programs colour a pipe. */
const ENVIRONMENT = { PATH: process.env.PATH ?? "", HOME: tmpdir(), TZ: "Etc/GMT-2", CI: "1" };

/** Runs one command to its end. */
export function onceward(args: readonly string[], { env = {}, stdin = "" }: Given = {}): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...ENVIRONMENT, ...env } });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk) => out.push(chunk));
  child.stderr.on("data", (chunk) => err.push(chunk));
  // A command that refuses its arguments does not read.
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString();
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout: text(out), stderr: text(err) }));
  });
}

export interface Beside {
  /** `host:port` of the sidecar. */
  readonly address: string;
  /** Runs one command against it. */
  onceward(...args: readonly string[]): Promise<Ended>;
  /** The same with `--json`, and what it printed, parsed. */
  json(...args: readonly string[]): Promise<Ended & { readonly value: Answer }>;
  stop(): Promise<void>;
}

/** Any JSON: tests name the members they expect. */
// biome-ignore lint/suspicious/noExplicitAny: what a command printed has no type; every test compares what it reads.
type Answer = any;

/** A sidecar with a store of its own, on ports that the system picks. */
export async function startBeside(environment: Readonly<Record<string, string>> = {}): Promise<Beside> {
  const directory = mkdtempSync(join(tmpdir(), "onceward-cli-"));
  const { settings } = loadSettings({
    ONCEWARD_LISTEN: "127.0.0.1:0",
    ONCEWARD_OPS_LISTEN: "127.0.0.1:0",
    ONCEWARD_STORE: `embedded:${directory}`,
    ...environment,
  });
  const sidecar = await startSidecar(settings, { logger: silentLogger });
  const run = (...args: readonly string[]) => onceward(args, { env: { ONCEWARD_ADDRESS: sidecar.listen } });
  return {
    address: sidecar.listen,
    onceward: run,
    async json(...args) {
      const ended = await run(...args, "--json");
      return { ...ended, value: ended.stdout === "" ? undefined : JSON.parse(ended.stdout) };
    },
    async stop() {
      await sidecar.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What labelled lines say, by label. */
export function labels(stdout: string): Readonly<Record<string, string>> {
  const lines = stdout.split("\n").map((line) => /^(\S.*?) {2,}(.*)$/.exec(line));
  return Object.fromEntries(lines.filter((match) => match !== null).map(([, label, text]) => [label, text]));
}
