import { existsSync, statSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient } from "../support/grpc.ts";
import { freshFolder, killAll, startProcess } from "../support/sidecar.ts";
import { fresh } from "../support/wire.ts";

let folder: ReturnType<typeof freshFolder>;
beforeEach(() => {
  folder = freshFolder();
});
afterEach(async () => {
  await killAll();
  folder.remove();
});

const path = () => `${folder.path}/onceward.sock`;
const start = (more: Readonly<Record<string, string>> = {}) =>
  startProcess({ ONCEWARD_STORE: `embedded:${folder.path}/store`, ONCEWARD_LISTEN: `unix:${path()}`, ...more });
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

describe("a sidecar on a Unix socket", () => {
  it("lets nobody else connect", async () => {
    await start();
    expect(modeOf(path())).toBe("600");
  });

  it("lets everybody connect where that is said, as the containers of a pod need it", async () => {
    const ops = `${folder.path}/ops.sock`;
    await start({ ONCEWARD_SOCKET_MODE: "666", ONCEWARD_OPS_LISTEN: `unix:${ops}` });
    expect([modeOf(path()), modeOf(ops)]).toEqual(["666", "666"]);
  });

  it("takes the place of one that was killed, as after a restart of its container", async () => {
    const killed = await start();
    killed.signal("SIGKILL");
    await killed.exited;
    expect(existsSync(path())).toBe(true);
    const second = await start({ ONCEWARD_SOCKET_MODE: "666" });
    expect(modeOf(path())).toBe("666");
    const client = openClient(second.ready.listen);
    expect((await client.begin({ address: fresh() })).outcome).toBe("STARTED");
    client.close();
  });

  it("is told when its mode is none", async () => {
    await expect(start({ ONCEWARD_SOCKET_MODE: "rw" })).rejects.toThrow(/ONCEWARD_SOCKET_MODE: must be three octal/);
  });
});
