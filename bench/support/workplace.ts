import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../../scripts/support/run.ts";
import type { Pins, Role } from "./pin.ts";

/** How long a process has to become ready, ms: thirty of them start at once on two cores. */
const READY_MS_MAX = 60_000;
/** How long a process has to end by itself after SIGTERM, ms: a sidecar drains for 1.5 s, then may write a profile. */
const END_MS_MAX = 6000;
/** How much of what a process says on stderr is kept, characters: enough for its last words. */
const STDERR_KEPT = 4096;

interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Opens a channel for messages with structured clones, so that lists of numbers cross it as they are. */
  readonly channel?: boolean;
  /** Says which cores it is kept on. Left out = any. */
  readonly role?: Role;
}

export interface Started {
  readonly name: string;
  readonly process: ChildProcess;
  readonly pid: number;
  /** What it has said last on stderr. */
  stderr(): string;
  /** Stops it, and waits until it is gone. */
  end(): Promise<void>;
}

/** The temporary directory and the processes of one run. All are gone once it is closed, and when we exit otherwise. */
export class Workplace implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), "onceward-bench-"));
  readonly #running = new Set<ChildProcess>();
  #closed = false;
  readonly #onExit = () => this.#clear();

  /** Where processes with a role are kept. */
  readonly pins: Pins;

  constructor(pins: Pins) {
    this.pins = pins;
    process.on("exit", this.#onExit);
  }

  /** Starts a program; what it prints is kept from the terminal. Rejects when it cannot be started. */
  async start(name: string, command: string, args: readonly string[], options: StartOptions = {}): Promise<Started> {
    if (this.#closed) throw new Error("the run is over");
    const cores = options.role === undefined ? undefined : this.pins?.[options.role];
    // taskset becomes what it starts: the process id is that of the program.
    const pinned = cores === undefined ? [command, ...args] : ["taskset", "-c", cores.join(), command, ...args];
    const child = spawn(pinned[0] ?? command, pinned.slice(1), {
      cwd: this.directory,
      env: { ...environment(), ...options.env },
      stdio: ["ignore", "pipe", "pipe", ...(options.channel ? (["ipc"] as const) : [])],
      serialization: "advanced",
    });
    let kept = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      kept = (kept + text).slice(-STDERR_KEPT);
    });
    // What could not be started has no id, and never exits.
    if (child.pid !== undefined) this.#running.add(child);
    child.once("exit", () => this.#running.delete(child));
    await once(child, "spawn");
    if (child.pid === undefined) throw new Error(`${name} has no process id`);
    return { name, process: child, pid: child.pid, stderr: () => kept, end: () => end(child) };
  }

  /** Ends every process, and forgets what they have written. */
  async startOver(): Promise<void> {
    await this.#end();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 3 });
    mkdirSync(this.directory);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#end();
    process.off("exit", this.#onExit);
    this.#clear();
  }

  async #end(): Promise<void> {
    await Promise.all([...this.#running].map(end));
  }

  #clear(): void {
    for (const child of this.#running) child.kill("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  const overdue = setTimeout(() => child.kill("SIGKILL"), END_MS_MAX);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(overdue);
}

/** With the programs that npm installed found first; what the user has set for a sidecar of theirs is left out. */
function environment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("ONCEWARD_"));
  const path = [join(ROOT, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter);
  return { ...Object.fromEntries(others), PATH: path };
}

/** Waits for the line of stdout that `read` can read. Rejects when the process ends first, or takes too long. */
export async function lineOf<T>(
  started: Started,
  read: (line: string) => T | undefined,
  readyMsMax = READY_MS_MAX,
): Promise<T> {
  const { name, process: child, stderr } = started;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const fail = (what: string) => reject(new Error(`${name} ${what}\n${stderr()}`.trimEnd()));
  const overdue = setTimeout(() => fail(`was not ready within ${readyMsMax / 1000} s`), readyMsMax);
  child.once("close", (code, signal) => fail(`ended (${signal ?? code}) before it was ready`));
  if (child.stdout === null) throw new Error(`${name} has no stdout`);
  // Later lines are read as well, or a full pipe would stop the process.
  createInterface(child.stdout).on("line", (line) => {
    const found = read(line);
    if (found !== undefined) resolve(found);
  });
  return promise.finally(() => clearTimeout(overdue));
}
