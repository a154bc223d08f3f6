import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";

/** As shells have it: a command that is not there, one that cannot be run, and one that a signal ended. */
const NOT_FOUND = 127;
const NOT_RUNNABLE = 126;
const SIGNALLED = 128;

export interface Child {
  /** What a shell would say: the status of the command, or 128 and the signal that ended it. */
  readonly ended: Promise<number>;
  /**
   * Sends a signal to the command and all that it started, as far as it stayed in the process group. False when nobody
   * of them is left.
   */
  signal(name: NodeJS.Signals): boolean;
}

/** What could not be started, and the status that says so. */
export class NotStarted extends Error {
  readonly exitCode: number;

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.exitCode = cause instanceof Error && "code" in cause && cause.code === "ENOENT" ? NOT_FOUND : NOT_RUNNABLE;
  }
}

/**
 * Starts a command in a process group of its own, with our stdin, stdout and stderr. Whatever way this process ends
 * short of SIGKILL, the group ends with it.
 * @throws {NotStarted}
 */
export async function startChild([command = "", ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<Child> {
  const child = await spawned(command, args, env);
  const signal = (name: NodeJS.Signals) => {
    try {
      return process.kill(-(child.pid ?? 0), name);
    } catch {
      return false;
    }
  };
  const last = () => void signal("SIGKILL");
  process.once("exit", last);
  const ended = new Promise<number>((resolve) => {
    child.once("exit", (code, name) => {
      process.off("exit", last);
      resolve(code ?? SIGNALLED + (name === null ? 0 : constants.signals[name]));
    });
  });
  return { ended, signal };
}

function spawned(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    try {
      const child = spawn(command, args, { env, stdio: "inherit", detached: true });
      child.once("spawn", () => resolve(child));
      child.once("error", (error) => reject(new NotStarted(error)));
    } catch (error) {
      reject(new NotStarted(error));
    }
  });
}
