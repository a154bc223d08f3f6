import type { ChildProcess } from "node:child_process";
import { assertNever } from "../../base/assert.ts";
import type { Count } from "./counts.ts";
import type { Point, Strike } from "./faults.ts";
import type { Answer, Deliver, FromClient, Setup, ToClient } from "./messages.ts";
import { orNothing } from "./patience.ts";
import { spawnSelf } from "./self.ts";
import { READY_MS_MAX } from "./timing.ts";

/** Arguments that make this program a client of the demo. */
export const CLIENT_ARGS = ["demo", "client"] as const;

export interface ClientOptions {
  readonly setup: Setup;
  /** Folder where compiled code is kept. */
  readonly code: string;
}

/** What happens on the way of one delivery. */
export interface Watcher {
  at(point: Point): void;
  count(what: Count): void;
}

/** `gone`: the process died before it answered. */
export type Ending = Answer | { readonly kind: "gone" };

/** A client as its parent sees it: a process of its own, which can be killed and paused. One delivery at a time. */
export class ClientProcess {
  readonly #child: ChildProcess;
  #gone = false;
  #watcher: Watcher | undefined;
  #end: (ending: Ending) => void = () => undefined;
  #ready: (ready: boolean) => void = () => undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", (message: FromClient) => this.#hear(message));
    child.on("error", () => this.#die());
    child.on("exit", () => this.#die());
  }

  /** @throws when the process does not become ready in time, or the signal says stop. */
  static async start({ setup, code }: ClientOptions, signal: AbortSignal): Promise<ClientProcess> {
    const stdio = ["ignore", "ignore", "inherit", "ipc"] as const;
    const client = new ClientProcess(spawnSelf({ args: CLIENT_ARGS, code, stdio: [...stdio] }));
    const ready = new Promise<boolean>((resolve) => {
      client.#ready = resolve;
    });
    client.#tell(setup);
    if (await orNothing(ready, READY_MS_MAX, signal)) return client;
    client.kill();
    throw new Error(signal.aborted ? "stopped" : "a client process did not start");
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get gone(): boolean {
    return this.#gone;
  }

  /** Hands one delivery over; settles with the answer, or when the process is gone. */
  deliver(delivery: Deliver, watcher: Watcher): Promise<Ending> {
    if (this.#gone) return Promise.resolve({ kind: "gone" });
    return new Promise((resolve) => {
      this.#watcher = watcher;
      this.#end = resolve;
      this.#tell(delivery);
    });
  }

  goOn(strike: Strike | undefined): void {
    this.#tell({ kind: "go-on", strike });
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Stops the process where it is, as a long garbage collection or a frozen machine does. */
  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  resume(): void {
    this.#child.kill("SIGCONT");
  }

  #tell(message: ToClient): void {
    // An error means that the process is going; its exit says so too.
    if (!this.#gone) this.#child.send(message, () => undefined);
  }

  #hear(message: FromClient): void {
    switch (message.kind) {
      case "ready":
        this.#ready(true);
        break;
      case "at":
        this.#watcher?.at(message.point);
        break;
      case "count":
        this.#watcher?.count(message.what);
        break;
      case "answer":
        this.#end(message.answer);
        break;
      default:
        assertNever(message);
    }
  }

  #die(): void {
    this.#gone = true;
    this.#ready(false);
    this.#end({ kind: "gone" });
  }
}
