/** Sidecars to call: in this process over a store of the test's, or as processes of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Environment } from "../../src/config/load.ts";
import type { Policies } from "../../src/config/settings.ts";
import type { IdempotencyStore, LeaseStore } from "../../src/store/port.ts";
import type { Logger } from "../../src/telemetry/logger.ts";
import { startGrpcServer } from "../../src/transport/grpc/server.ts";
import { openClient } from "./grpc.ts";
import { serviceOver } from "./service.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

interface Given {
  /** Settings, as variables. */
  readonly env?: Environment;
  /** What single namespaces say otherwise. */
  readonly namespaces?: Readonly<Record<string, Partial<Policies>>>;
  readonly logger?: Logger;
  /** Where leases are kept; in the store itself where a test does not say. */
  readonly leases?: LeaseStore;
  /** Where to listen; a port of the system's choice on the loopback where a test does not say. */
  readonly listen?: string;
}

export type Served = Awaited<ReturnType<typeof serveStore>>;

/** A gRPC listener in this process over that store, and a client to it. */
export async function serveStore(store: IdempotencyStore, { listen = "127.0.0.1:0", ...given }: Given = {}) {
  const deps = serviceOver(store, given);
  const server = await startGrpcServer(deps, listen);
  const client = openClient(server.address);
  return {
    address: server.address,
    client,
    deps,
    /** As on SIGTERM: waiting calls are answered, and what runs has `drainMs` to end. */
    async stop(drainMs = 0) {
      deps.stop();
      await server.stop(drainMs);
      client.close();
    },
  };
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface SidecarProcess {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exited: Promise<Exit>;
  signal(name: NodeJS.Signals): void;
  /** Reads its output no more: what it writes from now on meets a closed pipe. */
  closeOutput(): void;
}

export interface RunningSidecar extends SidecarProcess {
  /** What the first line on stdout says. */
  readonly ready: { readonly listen: string; readonly ops: string; readonly store: string; readonly msg: string };
}

/** Nothing of this machine's settings, so that a run is the same everywhere. */
const ENVIRONMENT = {
  PATH: process.env.PATH ?? "",
  HOME: tmpdir(),
  ONCEWARD_LISTEN: "127.0.0.1:0",
  ONCEWARD_OPS_LISTEN: "127.0.0.1:0",
};

const running = new Set<ChildProcess>();

/** Starts `onceward serve`, or another command line, and does not wait for anything. */
export function spawnSidecar(
  env: Readonly<Record<string, string>>,
  [command, ...args]: readonly [string, ...string[]] = [process.execPath, MAIN, "serve"],
): SidecarProcess {
  const child = spawn(command, args, {
    env: { ...ENVIRONMENT, ...env },
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const exited = new Promise<Exit>((resolve) => {
    child.on("error", (error) => {
      stderr += error.message;
      resolve({ code: null, signal: null });
    });
    child.on("close", (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    exited,
    signal: (name) => void child.kill(name),
    closeOutput: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}

/** The same, when it is ready; rejects when it ends before. `before` lines of others may come first, as npm's do. */
export async function startProcess(
  env: Readonly<Record<string, string>>,
  commandLine?: readonly [string, ...string[]],
): Promise<RunningSidecar> {
  const sidecar = spawnSidecar(env, commandLine);
  const line = await Promise.race([firstJson(sidecar), sidecar.exited.then(() => undefined)]);
  if (line === undefined) throw new Error(`the sidecar ended: ${sidecar.stdout()}${sidecar.stderr()}`);
  return { ...sidecar, ready: JSON.parse(line) };
}

/** The first line on stdout that is JSON. */
async function firstJson({ stdout, exited }: SidecarProcess): Promise<string> {
  let over = false;
  void exited.then(() => {
    over = true;
  });
  while (!over) {
    const complete = stdout().split("\n").slice(0, -1);
    const line = complete.find((one) => one.startsWith("{"));
    if (line !== undefined) return line;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return new Promise(() => {});
}

/** Kills what is left of the processes that this file started; for `afterEach`. */
export async function killAll(): Promise<void> {
  const left = [...running].map((child) => new Promise((resolve) => child.once("close", resolve)));
  for (const child of running) child.kill("SIGKILL");
  await Promise.all(left);
}

/** A folder of its own, removed by `remove`. */
export function freshFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "onceward-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
