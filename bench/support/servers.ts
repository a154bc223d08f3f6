import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../scripts/support/run.ts";
import { type Level, type Message, SEND_SPANS } from "../servers/switched/levels.ts";
import { lineOf, type Workplace } from "./workplace.ts";

/** A process that is measured. */
export interface Server {
  readonly pid: number;
  /** `host:port` of a gRPC server, the path of the socket of a Redis. */
  readonly address: string;
}

export interface RedisServer extends Server {
  readonly version: string;
  /** Stops it, and waits until it is gone. */
  end(): Promise<void>;
}

export interface RedisOptions {
  /** Where its files lie, if it is to have any; an append-only file that is there is loaded. */
  readonly directory?: string;
}

/** Installing Redis, where it is missing, may take that long. */
const ENSURE_MINUTES_MAX = 6;

/** How long a busy sidecar may take to do what a message says, ms. */
const TOLD_MS_MAX = 15_000;
/** Longer than any run. */
const NEVER_MS = 24 * 3_600_000;

/** How long a Redis may take to load what it has kept, ms: ten million records take half a minute. */
const LOADED_MS_MAX = 300_000;

/**
 * V8's young generation is pinned for every Node process of a run: left to itself V8 settles on either of
 * two sizes, and two copies of one server then differ by a third. It is what a sidecar under load grows to by itself
 * (src/app/young-generation.ts), so that none has more of it than another.
 */
export const NODE_FLAGS = ["--min-semi-space-size=8", "--max-semi-space-size=8"] as const;

const SIDECAR = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const COLLECTOR = fileURLToPath(new URL("../servers/collector.ts", import.meta.url));
const SWITCHED = fileURLToPath(new URL("../servers/switched/hooks.ts", import.meta.url));
const ECHO = fileURLToPath(new URL("../servers/echo.ts", import.meta.url));

export interface SidecarOptions {
  readonly store: string;
  /** Undefined = it is not profiled. */
  readonly profileDirectory?: string | undefined;
  /** Instead of the sources. */
  readonly program?: string;
  /** Instead of {@link NODE_FLAGS}. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Opens a channel for messages with it. */
  readonly channel?: boolean;
}

/** A sidecar on ports of its own; unless said otherwise as `npm start` runs it. */
export async function startSidecar(workplace: Workplace, name: string, options: SidecarOptions) {
  const env = {
    ONCEWARD_LISTEN: "127.0.0.1:0",
    ONCEWARD_OPS_LISTEN: "127.0.0.1:0",
    ONCEWARD_STORE: options.store,
    ONCEWARD_LOG_LEVEL: "error",
    ...options.env,
  };
  const { profileDirectory, flags = NODE_FLAGS, program = SIDECAR, channel = false } = options;
  const profile = profileDirectory === undefined ? [] : profileFlags(profileDirectory, name);
  const args = [...flags, ...profile, program, "serve"];
  const started = await workplace.start(name, process.execPath, args, { env, channel, role: "server" });
  return { pid: started.pid, address: await lineOf(started, listenOf), end: started.end, process: started.process };
}

function profileFlags(directory: string, name: string): string[] {
  return ["--cpu-prof", `--cpu-prof-dir=${directory}`, `--cpu-prof-name=${name}.cpuprofile`];
}

/** The least that a gRPC server can do. */
export async function startEcho(workplace: Workplace, name: string): Promise<Server> {
  const started = await workplace.start(name, process.execPath, [...NODE_FLAGS, ECHO], { role: "server" });
  return { pid: started.pid, address: await lineOf(started, listenOf) };
}

/**
 * A sidecar whose telemetry can be switched, and the collector that it sends the spans to of one call in a hundred:
 * when it is told to, lest one level's go out while another is measured, or when it has hundreds.
 */
export async function startSwitched(workplace: Workplace, name: string, options: SidecarOptions) {
  const collector = await startCollector(workplace);
  const env = {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://${collector.address}/v1/traces`,
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0.01",
    OTEL_BSP_SCHEDULE_DELAY: String(NEVER_MS),
  };
  const flags = [...NODE_FLAGS, "--import", SWITCHED];
  const sidecar = await startSidecar(workplace, name, {
    ...options,
    flags,
    env: { ...env, ...options.env },
    channel: true,
  });
  const tell = async (message: Message) => {
    const done = once(sidecar.process, "message", { signal: AbortSignal.timeout(TOLD_MS_MAX) });
    sidecar.process.send(message);
    await done;
  };
  return { ...sidecar, switchTo: (level: Level) => tell(level), sendSpans: () => tell(SEND_SPANS) };
}

async function startCollector(workplace: Workplace): Promise<Server> {
  const started = await workplace.start("collector", process.execPath, [COLLECTOR], { role: "caller" });
  return { pid: started.pid, address: await lineOf(started, listenOf) };
}

/** Makes sure that a Redis can be started. */
export function ensureRedis(): void {
  const { ok, output } = run("node", ["scripts/ensure-redis.ts"], { output: "pipe", minutesMax: ENSURE_MINUTES_MAX });
  if (!ok) throw new Error(output.trimEnd());
}

/**
 * A Redis of our own: no port, a socket in the run's directory, no file unless it is given a place for it. It may be
 * asked not to expire anything.
 */
export async function startRedis(
  workplace: Workplace,
  name: string,
  { directory }: RedisOptions = {},
): Promise<RedisServer> {
  const socket = join(workplace.directory, `${name}.sock`);
  const args = ["--port", "0", "--unixsocket", socket, "--save", "", "--enable-debug-command", "local"];
  if (directory === undefined) args.push("--appendonly", "no");
  else args.push("--dir", directory, "--appendonly", "yes", "--appendfsync", "no");
  const started = await workplace.start(name, "redis-server", args, { role: "redis" });
  let version = "unknown";
  const ready = (line: string) => {
    version = /version=([\d.]+)/.exec(line)?.[1] ?? version;
    return /ready to accept connections/i.test(line) ? true : undefined;
  };
  await lineOf(started, ready, LOADED_MS_MAX);
  return { pid: started.pid, address: socket, version, end: started.end };
}

/** The address in a server's first line. */
function listenOf(line: string): string | undefined {
  const { listen }: { readonly listen?: string } = JSON.parse(line);
  return listen;
}
