import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Sidecar, startSidecar } from "../../src/app/sidecar.ts";
import { loadSettings } from "../../src/config/load.ts";
import { silentLogger } from "../../src/telemetry/logger.ts";
import { freshNamespace } from "../support/commands.ts";
import { badFields, type Client, openClient, refusalOf } from "../support/grpc.ts";
import { freshFolder } from "../support/sidecar.ts";
import { beginner, fresh } from "../support/wire.ts";

let folder: ReturnType<typeof freshFolder>;
const opened: Sidecar[] = [];
beforeEach(() => {
  folder = freshFolder();
});
afterEach(async () => {
  for (const sidecar of opened.splice(0)) await sidecar.stop();
  folder.remove();
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<Sidecar> {
  const anywhere = { ONCEWARD_LISTEN: "127.0.0.1:0", ONCEWARD_OPS_LISTEN: "127.0.0.1:0" };
  const { settings } = loadSettings({ ...anywhere, ONCEWARD_STORE: `embedded:${folder.path}/store`, ...env });
  const sidecar = await startSidecar(settings, { logger: silentLogger });
  opened.push(sidecar);
  return sidecar;
}

/** A port that another program has taken. */
async function takenPort() {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { listen: `127.0.0.1:${port}`, free: () => new Promise((resolve) => other.close(resolve)) };
}

describe("a sidecar in this process", () => {
  it("leaves nothing open when one of its listeners cannot be opened", async () => {
    const taken = await takenPort();
    const ops = `unix:${folder.path}/ops`;
    await expect(start({ ONCEWARD_LISTEN: taken.listen, ONCEWARD_OPS_LISTEN: ops })).rejects.toThrow("EADDRINUSE");
    await expect(start({ ONCEWARD_OPS_LISTEN: taken.listen })).rejects.toThrow("EADDRINUSE");
    await taken.free();
    const sidecar = await start({ ONCEWARD_LISTEN: taken.listen, ONCEWARD_OPS_LISTEN: ops });
    expect(sidecar).toMatchObject({ listen: taken.listen, ops, store: "embedded" });
  });

  it("can be stopped twice, and its directory and its port are free afterwards", async () => {
    const first = await start();
    await Promise.all([first.stop(), first.stop()]);
    await first.stop();
    const next = await start({ ONCEWARD_LISTEN: first.listen });
    expect(next.listen).toBe(first.listen);
  });
});

describe("the embedded store behind the wire", () => {
  let client: Client;
  beforeEach(async () => {
    client = openClient((await start()).listen);
  });
  afterEach(() => client.close());

  it("goes through the life of a record", async () => {
    const { at, token } = await beginner({ client })({ fingerprint: { json: '{"a":1}' } });
    const held = { address: at, fencingToken: token };
    expect((await client.renew(held)).outcome).toBe("RENEWED");
    expect((await client.checkpoint({ ...held, name: "half", data: Buffer.from([1]) })).outcome).toBe("SAVED");
    expect((await client.complete({ ...held, kind: "RETRYABLE", retryAfterMs: 1 })).outcome).toBe("STORED");
    await vi.waitUntil(async () => (await client.begin({ address: at, attemptId: "2" })).outcome === "STARTED");
    const { attempt } = await client.begin({ address: at, attemptId: "2" });
    expect(attempt).toMatchObject({ resumed: true, number: 2, checkpoint: { name: "half", data: Buffer.from([1]) } });
    const result = { body: Buffer.from("done"), metadata: { a: "1" }, contentType: "text/plain", reference: "" };
    const done = { address: at, fencingToken: attempt?.fencingToken ?? 0, kind: "SUCCEEDED", result } as const;
    expect((await client.complete(done)).outcome).toBe("STORED");
    expect(await client.begin({ address: at, fingerprint: { json: '{ "a": 1 }' } })).toMatchObject({
      outcome: "REPLAY",
      record: { result },
    });
  });

  it("wakes who waits", async () => {
    const { at, token } = await beginner({ client })();
    const waiting = client.begin({ address: at, waitMs: 30_000 });
    await vi.waitUntil(async () => (await client.getStats({})).waiters === 1, 20_000);
    await client.complete({ address: at, fencingToken: token, kind: "SUCCEEDED" });
    expect((await waiting).outcome).toBe("REPLAY");
  });

  it("lists unfinished records by pages, and refuses a page token that it did not make", async () => {
    const namespace = freshNamespace();
    const begin = beginner({ client });
    for (let count = 0; count < 5; count++) await begin({}, { namespace });
    const keys: (string | undefined)[] = [];
    let pageToken = "";
    do {
      const page = await client.listRecords({ namespace, pageSize: 2, pageToken });
      keys.push(...page.records.map(({ address }) => address?.key));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    expect(new Set(keys).size).toBe(5);
    const refusal = await refusalOf(client.listRecords({ namespace, pageToken: "made up" }));
    expect(refusal.code).toBe("INVALID_ARGUMENT");
    expect(badFields(refusal)).toEqual(["page_token"]);
  });

  it("tells where it is and what an acknowledgement is worth", async () => {
    const { storeKind, durability, topology } = await client.getServerInfo({});
    expect(storeKind).toBe("embedded");
    expect(durability).toContain("disk");
    expect(topology?.shards).toMatchObject([{ state: "SERVING", address: `${folder.path}/store` }]);
    expect((await client.get({ address: fresh() })).found).toBe(false);
  });
});
