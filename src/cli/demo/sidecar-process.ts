import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { ENV_PREFIX } from "../../config/load.ts";
import { onLine } from "./lines.ts";
import { orNothing } from "./patience.ts";
import { codeFolder, spawnSelf } from "./self.ts";
import { READY_MS_MAX, STOP_MS_MAX } from "./timing.ts";

/** File in the demo's folder that holds what the sidecar printed. */
const LOG_FILE = "sidecar.log";
const NEVER = new AbortController().signal;

/** The demo's own sidecar: a process like any other, with its records in the demo's folder. */
export class SidecarProcess {
  readonly #folder: string;
  readonly #signal: AbortSignal;
  #child: ChildProcess | undefined;
  #address = "127.0.0.1:0";
  #restarting: Promise<void> = Promise.resolve();

  private constructor(folder: string, signal: AbortSignal) {
    this.#folder = folder;
    this.#signal = signal;
  }

  /** @throws when it does not become ready in time, or the signal says stop. */
  static async start(folder: string, signal: AbortSignal): Promise<SidecarProcess> {
    const sidecar = new SidecarProcess(folder, signal);
    await sidecar.#start();
    return sidecar;
  }

  /** `host:port` of its gRPC listener; the same after a restart. */
  get address(): string {
    return this.#address;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** kill -9, and a new process on the same folder and port. Settles when that one is ready. */
  crash(): Promise<void> {
    this.#restarting = this.#crash();
    return this.#restarting;
  }

  /** With SIGTERM it answers what it was asked first. */
  async stop(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    await this.#restarting.catch(() => undefined);
    const child = this.#child;
    if (child === undefined || hasEnded(child)) return;
    const gone = once(child, "exit");
    child.kill(signal);
    if ((await orNothing(gone, STOP_MS_MAX, NEVER)) === undefined) child.kill("SIGKILL");
  }

  /** For an exit that waits for nothing. */
  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  async #crash(): Promise<void> {
    const child = this.#child;
    if (child === undefined || hasEnded(child)) throw new Error(`the sidecar has ended by itself: ${this.#log}`);
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    await this.#start();
  }

  async #start(): Promise<void> {
    const child = spawnIn(this.#folder, this.#address);
    this.#child = child;
    const ready = await orNothing(readyAddress(child, this.#log), READY_MS_MAX, this.#signal);
    if (ready === undefined) {
      child.kill("SIGKILL");
      throw new Error(this.#signal.aborted ? "stopped" : `the sidecar did not start: ${this.#log}`);
    }
    this.#address = ready;
  }

  get #log(): string {
    return join(this.#folder, LOG_FILE);
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Settings in the caller's environment are meant for another sidecar. */
function spawnIn(folder: string, listen: string): ChildProcess {
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith(ENV_PREFIX));
  const own = { LISTEN: listen, OPS_LISTEN: "127.0.0.1:0", STORE: `embedded:${join(folder, "records")}` };
  const settings = Object.entries(own).map(([name, value]) => [ENV_PREFIX + name, value]);
  const env = Object.fromEntries([...environment, ...settings]);
  return spawnSelf({ args: ["serve"], code: codeFolder(folder), env, stdio: ["ignore", "pipe", "pipe"] });
}

/** The address of the ready line; undefined when the process ends without one. */
function readyAddress(child: ChildProcess, log: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const keep = (line: string) => appendFileSync(log, `${line}\n`);
    if (child.stderr !== null) onLine(child.stderr, keep);
    if (child.stdout !== null) {
      onLine(child.stdout, (line) => {
        keep(line);
        if (line.includes("onceward is ready")) resolve((JSON.parse(line) as { listen: string }).listen);
      });
    }
    child.once("error", () => resolve(undefined));
    child.once("exit", () => resolve(undefined));
  });
}
