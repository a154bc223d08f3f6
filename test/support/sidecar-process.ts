/** A sidecar as users run it: a process of its own, which a test may kill at any instant and start again. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

export interface SidecarProcess {
  readonly child: ChildProcess;
  /** The gRPC listener, as the ready line says. */
  readonly listen: string;
  readonly ops: string;
  /** Every line of stdout so far. */
  readonly lines: readonly string[];
  /** Resolves with the exit code, or the signal's name, once it is gone. */
  readonly ended: Promise<number | string>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

/** Starts one and waits for its ready line. Rejects with what it printed when it ends before. */
export async function startSidecarProcess(env: Readonly<Record<string, string>>): Promise<SidecarProcess> {
  const child = spawn(process.execPath, [MAIN, "serve"], {
    env: { PATH: process.env.PATH, ONCEWARD_LISTEN: "127.0.0.1:0", ONCEWARD_OPS_LISTEN: "127.0.0.1:0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const errors: string[] = [];
  child.stderr.on("data", (chunk) => errors.push(String(chunk)));
  const stdout = createInterface({ input: child.stdout });
  const ended = once(child, "exit").then(([code, signal]: (number | string | null)[]) => code ?? signal ?? "unknown");
  const first = new Promise<void>((resolve) => stdout.once("line", () => resolve()));
  stdout.on("line", (line) => lines.push(line));
  const how = await Promise.race([first, ended]);
  if (how !== undefined) throw new Error(`the sidecar ended with ${how}: ${errors.join("")}${lines.join("\n")}`);
  const ready: { readonly listen: string; readonly ops: string } = JSON.parse(lines[0] ?? "");
  return {
    child,
    listen: ready.listen,
    ops: ready.ops,
    lines,
    ended,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
