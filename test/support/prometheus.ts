/** Debian's Prometheus, private: its own folder, its own port, stopped by its pid. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { freePort } from "./redis-server.ts";
import { freshFolder } from "./sidecar.ts";

/** Where `npm test` puts links to the two programs. */
const TOOLS = fileURLToPath(new URL("../../node_modules/.bin", import.meta.url));
const PATH = [process.env.PATH ?? "", TOOLS].join(delimiter);
const START_MS_MAX = 30_000;

/** What promtool says, and whether it is content. Meanwhile the test goes on: calls of its own may be under way. */
export async function promtool(
  args: readonly string[],
  input = "",
  cwd?: string,
): Promise<{ readonly ok: boolean; readonly says: string }> {
  const child = spawn("promtool", args, { env: { ...process.env, PATH }, timeout: 60_000, ...(cwd && { cwd }) });
  child.stdin.end(input);
  const [says, errors, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { ok: status === 0, says: `${says}${errors}` };
}

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

export interface PrometheusServer {
  /** Values as of now, by series. Rejects where the expression is none. */
  query(expression: string): Promise<readonly Sample[]>;
  /** Of Prometheus' own HTTP interface. */
  get(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts one that scrapes those addresses every second, and resolves once it answers. */
export async function startPrometheus(targets: readonly string[], rules: string): Promise<PrometheusServer> {
  const folder = freshFolder();
  const address = `127.0.0.1:${await freePort()}`;
  const config = {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: [rules],
    scrape_configs: [{ job_name: "onceward", static_configs: [{ targets }] }],
  };
  writeFileSync(join(folder.path, "prometheus.yaml"), stringify(config));
  const child = spawn(
    "prometheus",
    [
      `--config.file=${join(folder.path, "prometheus.yaml")}`,
      `--storage.tsdb.path=${join(folder.path, "data")}`,
      `--web.listen-address=${address}`,
    ],
    { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, PATH }, cwd: folder.path },
  );
  const stray = () => child.kill("SIGKILL");
  process.once("exit", stray);
  await ready(child);
  const get = async (path: string) => {
    const response = await fetch(`http://${address}${path}`);
    const { status, data, error } = (await response.json()) as { status: string; data: unknown; error?: string };
    if (status !== "success") throw new Error(`${path}: ${error}`);
    return data;
  };
  return {
    get,
    async query(expression) {
      const data = await get(`/api/v1/query?query=${encodeURIComponent(expression)}`);
      return (data as { result: readonly Sample[] }).result; // every query of ours makes a vector
    },
    async stop() {
      process.off("exit", stray);
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
      folder.remove();
    },
  };
}

function ready(child: ChildProcess): Promise<void> {
  let output = "";
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(limit);
      reject(new Error(`prometheus ${why}\n${output}`));
    };
    const limit = setTimeout(() => fail("was not ready in time"), START_MS_MAX);
    child.once("error", (error) => fail(`could not be started: ${error.message}`));
    child.once("exit", (code) => fail(`ended with ${code}`));
    child.stderr?.on("data", (data: Buffer) => {
      output += data;
      if (!output.includes("Server is ready to receive web requests")) return;
      clearTimeout(limit);
      resolve();
    });
  });
}
