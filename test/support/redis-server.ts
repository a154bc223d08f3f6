/** A private Redis: its own directory, its own Unix socket, stopped by its pid. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where `npm test` puts a link to redis-server, where the machine has none of its own. */
const TOOLS = fileURLToPath(new URL("../../node_modules/.bin", import.meta.url));
/** Longest start on a busy machine, ms; loading a large file included. */
const START_MS_MAX = 30_000;
/** How much a Redis may say before it is ready. */
const OUTPUT_LENGTH_MAX = 100_000;

export interface RedisServerOptions {
  /** Further arguments, such as `--appendonly yes`. Without any, nothing is persisted. */
  readonly args?: readonly string[];
  /** Also listens on a free port of 127.0.0.1. */
  readonly tcp?: boolean;
}

/** Everything a Redis needs to keep what it acknowledged over kill -9. */
export const AOF_ALWAYS: readonly string[] = ["--appendonly", "yes", "--appendfsync", "always"];

export class RedisServer {
  readonly directory: string;
  /** Undefined without `tcp`. */
  readonly port: number | undefined;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(directory: string, port: number | undefined, args: readonly string[]) {
    this.directory = directory;
    this.port = port;
    this.#args = args;
  }

  /** Starts one, and resolves once it accepts connections. */
  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const directory = await mkdtemp(join(tmpdir(), "onceward-redis-"));
    const port = options.tcp === true ? await freePort() : undefined;
    const server = new RedisServer(directory, port, options.args ?? []);
    await server.restart();
    return server;
  }

  get socket(): string {
    return join(this.directory, "redis.sock");
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error("the server does not run");
    return pid;
  }

  /** As the store's options take it. */
  url(db = 0): string {
    return `redis+unix://${this.socket}?db=${db}`;
  }

  tcpUrl(db = 0): string {
    return `redis://127.0.0.1:${this.port}/${db}`;
  }

  /** Starts it on the same directory, socket and port, with other arguments if they are given. */
  async restart(args = this.#args): Promise<void> {
    await this.kill();
    const where = ["--port", String(this.port ?? 0), "--bind", "127.0.0.1", "--unixsocket", this.socket];
    const child = spawn("redis-server", [...where, "--dir", this.directory, "--save", "", ...args], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, PATH: [process.env.PATH ?? "", TOOLS].join(delimiter) },
    });
    this.#child = child;
    const stray = () => child.kill("SIGKILL");
    process.once("exit", stray);
    child.once("exit", () => process.off("exit", stray));
    await ready(child);
  }

  /** Asks it to stop, and waits until it has. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** kill -9, and waits until it is gone. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Holds it: it answers nothing until it is let go, but its connections stay. */
  hold(): void {
    process.kill(this.pid, "SIGSTOP");
  }

  letGo(): void {
    process.kill(this.pid, "SIGCONT");
  }

  /** Stops it and removes its directory. */
  async remove(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }
}

async function ready(child: ChildProcess): Promise<void> {
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const limit = setTimeout(() => fail("was not ready in time"), START_MS_MAX);
    const fail = (why: string) => {
      clearTimeout(limit);
      reject(new Error(`redis-server ${why}\n${output}`));
    };
    child.once("error", (error) => fail(`could not be started: ${error.message}`));
    child.once("exit", (code) => fail(`ended with ${code}`));
    child.stdout?.on("data", (data: Buffer) => {
      if (output.length < OUTPUT_LENGTH_MAX) output += data;
      if (!/ready to accept connections/i.test(output)) return;
      clearTimeout(limit);
      resolve();
    });
  });
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
