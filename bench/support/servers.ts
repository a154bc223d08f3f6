import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lineOf, type Workplace } from "./workplace.ts";

/** A process that is measured. */
export interface Server {
  readonly pid: number;
  /** `host:port` of a gRPC server, the path of the socket of a Redis. */
  readonly address: string;
}

/**
 * V8's young generation is pinned for every Node process of a run: left to itself V8 settles on either of
 * two sizes, and two copies of one server then differ by a third.
 */
export const NODE_FLAGS = ["--min-semi-space-size=4", "--max-semi-space-size=16"] as const;

const SIDECAR = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const ECHO = fileURLToPath(new URL("../servers/echo.ts", import.meta.url));

export interface SidecarOptions {
  readonly store: string;
  /** Undefined = it is not profiled. */
  readonly profileDirectory: string | undefined;
}

/** A sidecar as `npm start` runs it, on a port of its own. */
export async function startSidecar(workplace: Workplace, name: string, options: SidecarOptions): Promise<Server> {
  const env = {
    ONCEWARD_LISTEN: "127.0.0.1:0",
    ONCEWARD_OPS_LISTEN: "127.0.0.1:0",
    ONCEWARD_STORE: options.store,
    ONCEWARD_LOG_LEVEL: "error",
  };
  const { profileDirectory } = options;
  const profile = profileDirectory === undefined ? [] : profileFlags(profileDirectory, name);
  const started = await workplace.start(name, process.execPath, [...NODE_FLAGS, ...profile, SIDECAR, "serve"], { env });
  return { pid: started.pid, address: await lineOf(started, listenOf) };
}

function profileFlags(directory: string, name: string): string[] {
  return ["--cpu-prof", `--cpu-prof-dir=${directory}`, `--cpu-prof-name=${name}.cpuprofile`];
}

/** The least that a gRPC server can do. */
export async function startEcho(workplace: Workplace, name: string): Promise<Server> {
  const started = await workplace.start(name, process.execPath, [...NODE_FLAGS, ECHO]);
  return { pid: started.pid, address: await lineOf(started, listenOf) };
}

/** A Redis of our own: no port, no file, a socket in the run's directory. */
export async function startRedis(workplace: Workplace): Promise<Server & { readonly version: string }> {
  const socket = join(workplace.directory, "redis.sock");
  const args = ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no"];
  const started = await workplace.start("redis-server", "redis-server", args);
  let version = "unknown";
  await lineOf(started, (line) => {
    version = /version=([\d.]+)/.exec(line)?.[1] ?? version;
    return /ready to accept connections/i.test(line) ? true : undefined;
  });
  return { pid: started.pid, address: socket, version };
}

/** The address in a server's first line. */
function listenOf(line: string): string | undefined {
  const { listen }: { readonly listen?: string } = JSON.parse(line);
  return listen;
}
