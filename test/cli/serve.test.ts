import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MAIN, onceward } from "./process.ts";

describe("onceward serve", () => {
  let folder: string;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "onceward-serve-"));
  });
  afterEach(() => {
    child?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts a sidecar as a process of its own; what it first says tells where it listens. */
  async function serve(listen: string) {
    const env = { ONCEWARD_LISTEN: listen, ONCEWARD_OPS_LISTEN: "127.0.0.1:0", ONCEWARD_STORE: `embedded:${folder}/s` };
    const started = spawn(process.execPath, [MAIN, "serve"], { env, stdio: ["ignore", "pipe", "inherit"] });
    child = started;
    const [line] = await once(createInterface(started.stdout), "line");
    return { started, ready: JSON.parse(line) };
  }

  it.each(["SIGTERM", "SIGINT"] as const)("serves until %s, and then exits with 0", async (signal) => {
    const { started, ready } = await serve("127.0.0.1:0");
    expect(ready).toMatchObject({ msg: "onceward is ready", store: "embedded" });
    expect(await onceward(["begin", "k", "--address", ready.listen])).toMatchObject({ code: 0 });
    started.kill(signal);
    expect(await once(started, "exit")).toEqual([0, null]);
  });

  it("is reached by a socket in a folder too", async () => {
    const socket = `unix:${join(folder, "onceward.sock")}`;
    const { ready } = await serve(socket);
    expect(ready.listen).toBe(socket);
    const env = { ONCEWARD_ADDRESS: socket };
    expect(await onceward(["begin", "k"], { env })).toMatchObject({ code: 0, stderr: "" });
  });
});
