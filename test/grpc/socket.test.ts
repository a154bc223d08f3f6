import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openReference } from "../support/reference-store.ts";
import { freshFolder, serveStore } from "../support/sidecar.ts";
import { fresh } from "../support/wire.ts";

let folder: ReturnType<typeof freshFolder>;
let path: string;
beforeEach(() => {
  folder = freshFolder();
  path = join(folder.path, "onceward.sock");
});
afterEach(() => folder.remove());

async function serve() {
  return serveStore((await openReference()).store, { listen: `unix:${path}` });
}

describe("a listener on a Unix socket", () => {
  it("serves, tells its address as it was given, and leaves nothing behind", async () => {
    const served = await serve();
    expect(served.address).toBe(`unix:${path}`);
    expect(statSync(path).isSocket()).toBe(true);
    expect((await served.client.begin({ address: fresh() })).outcome).toBe("STARTED");
    await served.stop();
    expect(existsSync(path)).toBe(false);
  });

  it("does not take the place of one that is served", async () => {
    const served = await serve();
    await expect(serve()).rejects.toThrow("EADDRINUSE");
    expect((await served.client.begin({ address: fresh() })).outcome).toBe("STARTED");
    await served.stop();
  });

  it("does not take the place of another program's socket", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(path, resolve));
    await expect(serve()).rejects.toThrow("EADDRINUSE");
    expect(existsSync(path)).toBe(true);
    await new Promise((resolve) => other.close(resolve));
  });

  it("does not take the place of a file that is no socket", async () => {
    writeFileSync(path, "somebody's notes");
    await expect(serve()).rejects.toThrow("EADDRINUSE");
    expect(readFileSync(path, "utf8")).toBe("somebody's notes");
  });

  it("says so when its folder is not there", async () => {
    path = join(folder.path, "missing", "onceward.sock");
    await expect(serve()).rejects.toThrow();
  });
});
