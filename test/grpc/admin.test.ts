import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { beginCommand, freshNamespace, HOUR, LEASE, SECOND } from "../support/commands.ts";
import { fresh, openWire, type Wire } from "../support/wire.ts";

let wire: Wire;
const logged: Record<string, unknown>[] = [];
beforeAll(async () => {
  const note = (given: unknown) => void logged.push(given as Record<string, unknown>);
  wire = await openWire({ logger: { debug: note, info: note, warn: note, error: note } });
});
beforeEach(() => void logged.splice(0));
afterAll(() => wire.stop());

describe("Resolve", () => {
  it("answers RESOLVED, and later callers see what the operator said", async () => {
    const { at, token } = await wire.begun({ lapsePolicy: "HOLD" });
    await wire.advance(LEASE);
    const request = {
      address: at,
      resolution: "SUCCEEDED",
      result: { body: Buffer.from("seen in the books") },
    } as const;
    expect(await wire.client.resolve({ ...request, fencingToken: token })).toEqual({ outcome: "RESOLVED" });
    expect(await wire.client.begin({ address: at })).toMatchObject({
      outcome: "REPLAY",
      record: { state: "SUCCEEDED", result: { body: Buffer.from("seen in the books") } },
    });
  });

  it("answers RESOLVED to RETRY, and the count of attempts starts anew", async () => {
    const { at } = await wire.begun();
    await wire.advance(LEASE);
    await wire.client.begin({ address: at, maxAttempts: 1 });
    expect(await wire.client.resolve({ address: at, resolution: "RETRY" })).toEqual({ outcome: "RESOLVED" });
    const next = await wire.client.begin({ address: at, maxAttempts: 1 });
    expect(next).toMatchObject({ outcome: "STARTED", attempt: { number: 1, maybeExecuted: false } });
  });

  it("answers IN_PROGRESS, FENCED, FINISHED and NOT_FOUND, and changes nothing", async () => {
    const { at, token } = await wire.begun();
    const resolve = async (fencingToken: string, address = at) =>
      (await wire.client.resolve({ address, resolution: "FAILED", fencingToken })).outcome;
    expect(await resolve("0")).toBe("IN_PROGRESS");
    expect((await wire.client.get({ address: at })).record?.state).toBe("IN_PROGRESS");
    await wire.advance(LEASE);
    expect(await resolve(String(BigInt(token) - 1n))).toBe("FENCED");
    expect((await wire.client.get({ address: at })).record?.state).toBe("UNKNOWN");
    await wire.client.complete({ address: at, fencingToken: token, kind: "SUCCEEDED" });
    expect(await resolve(token)).toBe("FINISHED");
    expect((await wire.client.get({ address: at })).record?.state).toBe("SUCCEEDED");
    expect(await resolve("0", fresh())).toBe("NOT_FOUND");
  });

  it("keeps the reason of a failure for later callers", async () => {
    const { at } = await wire.begun();
    await wire.advance(LEASE);
    await wire.client.resolve({ address: at, resolution: "FAILED", reason: "card was declined" });
    expect((await wire.client.begin({ address: at })).record).toMatchObject({
      state: "FAILED",
      lastError: "card was declined",
    });
  });
});

describe("what an operator does", () => {
  it("leaves one line for the audit, with actor and reason and without the key", async () => {
    const { at } = await wire.begun();
    await wire.client.resolve({ address: at, resolution: "RETRY", actor: "ada", reason: "ticket 17" });
    await wire.client.forget({ address: at, actor: "ada", reason: "ticket 18" });
    expect(logged).toEqual([
      expect.objectContaining({ audit: "resolve", outcome: "in_progress", actor: "ada", reason: "ticket 17" }),
      expect.objectContaining({ audit: "forget", outcome: "forgotten", actor: "ada", reason: "ticket 18" }),
    ]);
    expect(JSON.stringify(logged)).not.toContain(at.key);
  });
});

describe("Forget", () => {
  it("answers FORGOTTEN, then NOT_FOUND, and the effect may run anew", async () => {
    const { at, token } = await wire.begun();
    expect(await wire.client.forget({ address: at })).toEqual({ outcome: "FORGOTTEN" });
    expect(await wire.client.forget({ address: at })).toEqual({ outcome: "NOT_FOUND" });
    const { attempt } = await wire.client.begin({ address: at });
    expect(attempt).toMatchObject({ number: 1, takeover: false });
    expect(BigInt(attempt?.fencingToken ?? 0) > BigInt(token)).toBe(true);
    expect((await wire.client.renew({ address: at, fencingToken: token })).outcome).toBe("FENCED");
  });
});

describe("ListRecords", () => {
  it("lists the unfinished records of one namespace with their tokens, by state and age", async () => {
    const namespace = freshNamespace();
    const lapsed = await wire.begun({}, { namespace });
    await wire.client.checkpoint({ address: lapsed.at, fencingToken: lapsed.token, name: "charged" });
    await wire.advance(LEASE);
    const live = await wire.begun({}, { namespace });
    const finished = await wire.begun({}, { namespace });
    await wire.client.complete({ address: finished.at, fencingToken: finished.token, kind: "SUCCEEDED" });
    const keysOf = async (request: Parameters<typeof wire.client.listRecords>[0]) => {
      const { records, nextPageToken } = await wire.client.listRecords({ namespace, ...request });
      expect(nextPageToken).toBe("");
      return records.map(({ address }) => address?.key).sort();
    };
    expect(await keysOf({})).toEqual([lapsed.at.key, live.at.key].sort());
    expect(await keysOf({ states: ["UNKNOWN"] })).toEqual([lapsed.at.key]);
    expect(await keysOf({ states: ["IN_PROGRESS", "RETRYABLE"] })).toEqual([live.at.key]);
    expect(await keysOf({ olderThanMs: 10 * SECOND })).toEqual([lapsed.at.key]);
    expect((await wire.client.listRecords({ namespace: freshNamespace() })).records).toEqual([]);
    const { records } = await wire.client.listRecords({ namespace, states: ["UNKNOWN"] });
    expect(records).toMatchObject([
      { state: "UNKNOWN", fencingToken: lapsed.token, checkpoint: { name: "charged" }, address: lapsed.at },
    ]);
  });

  it("gives pages of the size asked for, and every record on one of them", async () => {
    const namespace = freshNamespace();
    for (let count = 0; count < 7; count++) await wire.begun({}, { namespace });
    const keys: (string | undefined)[] = [];
    let pageToken = "";
    do {
      const page = await wire.client.listRecords({ namespace, pageSize: 3, pageToken });
      expect(page.records.length).toBeLessThanOrEqual(3);
      keys.push(...page.records.map(({ address }) => address?.key));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    expect(new Set(keys).size).toBe(7);
    expect(keys).toHaveLength(7);
  });

  it("never gives a page that is too large to be sent, however large its checkpoints", async () => {
    const namespace = freshNamespace();
    const data = Buffer.alloc(64 * 1024, 1);
    for (let count = 0; count < 90; count++) {
      const { at, token } = await wire.begun({}, { namespace });
      await wire.client.checkpoint({ address: at, fencingToken: token, name: "half", data });
    }
    const keys: (string | undefined)[] = [];
    let pageToken = "";
    do {
      const page = await wire.client.listRecords({ namespace, pageSize: 1000, pageToken });
      expect(page.records.every(({ checkpoint }) => checkpoint?.data.length === data.length)).toBe(true);
      keys.push(...page.records.map(({ address }) => address?.key));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    expect(new Set(keys).size).toBe(90);
  });
});

describe("GetServerInfo", () => {
  it("tells version, store, limits and defaults of the process", async () => {
    expect(await wire.client.getServerInfo({})).toMatchObject({
      version: manifest.version,
      storeKind: "embedded",
      topology: { slots: 4096 },
      warnings: [],
      gapWindows: [],
      limits: {
        leaseMinMs: "100",
        leaseMaxMs: "3600000",
        leaseTotalMaxMs: "86400000",
        waitMaxMs: "30000",
        retentionMinMs: "1000",
        retentionMaxMs: "7776000000",
        tombstoneRetentionMaxMs: "31536000000",
        namespaceMaxBytes: 63,
        operationMaxBytes: 128,
        streamMaxBytes: 256,
        keyMaxBytes: 512,
        attemptIdMaxBytes: 64,
        fingerprintMaxBytes: 64,
        ownerMaxBytes: 256,
        resultInlineMaxBytes: 262_144,
        contentTypeMaxBytes: 256,
        referenceMaxBytes: 2048,
        metadataMaxBytes: 8192,
        errorMaxBytes: 4096,
        reasonMaxBytes: 4096,
        checkpointNameMaxBytes: 256,
        checkpointMaxBytes: 65_536,
        batchItemsMax: 500,
        pageRecordsMax: 1000,
        messageMaxBytes: 4_194_304,
        inFlightMax: 4096,
        inFlightReserved: 512,
        waitersMax: 1000,
        waitersPerRecordMax: 100,
      },
      defaults: {
        leaseMs: "30000",
        waitMs: "0",
        retentionMs: "86400000",
        tombstoneRetentionMs: "604800000",
        unfinishedRetentionMs: "2592000000",
        maxAttempts: 0,
        backoffBaseMs: "1000",
        backoffCapMs: "300000",
      },
    });
  });

  it("tells the limits in force where they are configured", async () => {
    const env = { ONCEWARD_IN_FLIGHT: "80", ONCEWARD_WAIT_MAX: "5s", ONCEWARD_RESULT_INLINE: "1KiB" };
    const other = await openWire({ env: { ...env, ONCEWARD_LEASE: "1h" } });
    expect(await other.client.getServerInfo({})).toMatchObject({
      limits: { inFlightMax: 80, inFlightReserved: 10, waitMaxMs: "5000", resultInlineMaxBytes: 1024 },
      defaults: { leaseMs: String(HOUR) },
    });
    await other.stop();
  });
});

describe("GetStats", () => {
  it("counts outcomes by namespace and RPC, and calls in flight", async () => {
    const namespace = freshNamespace();
    const { at, token } = await wire.begun({}, { namespace });
    await wire.client.begin({ address: at });
    await wire.client.begin({ address: at });
    await wire.client.complete({ address: at, fencingToken: token, kind: "SUCCEEDED" });
    const stats = await wire.client.getStats({});
    const mine = stats.namespaces.find((one) => one.namespace === namespace);
    expect(mine?.outcomes).toEqual([
      { rpc: "Begin", outcome: "STARTED", count: "1" },
      { rpc: "Begin", outcome: "IN_PROGRESS", count: "2" },
      { rpc: "Complete", outcome: "STORED", count: "1" },
    ]);
    expect(stats).toMatchObject({ inFlight: 1, waiters: 0 });
    expect(Number(stats.uptimeMs)).toBeGreaterThan(0);
  });

  it("names the effect and the record that are retried most", async () => {
    const other = await openWire();
    const hot = fresh({ operation: "charge" });
    await other.begun({}, hot);
    for (let count = 0; count < 400; count++) await other.client.begin({ address: hot });
    const cold = fresh({ operation: "mail" });
    await other.begun({}, cold);
    await other.client.begin({ address: cold });
    expect(await other.client.getStats({})).toMatchObject({
      retriedOperations: [
        { namespace: hot.namespace, operation: "charge", duplicates: "400", duplicatesAtLeast: "400" },
        { operation: "mail", duplicates: "1" },
      ],
      retriedRecords: [{ address: hot, duplicates: "400", duplicatesAtLeast: "400" }, { address: cold }],
    });
    await other.stop();
  });

  it("tells the unfinished records of a configured namespace that nobody has called yet", async () => {
    const namespace = freshNamespace();
    const other = await openWire({ namespaces: { [namespace]: {} } });
    await other.store.begin(fresh({ namespace }), beginCommand());
    other.deps.census.start();
    await vi.waitFor(async () => {
      const { namespaces } = await other.client.getStats({});
      expect(namespaces).toMatchObject([
        { namespace, outcomes: [], unfinished: [{ state: "IN_PROGRESS", count: "1" }] },
      ]);
      expect(namespaces[0]?.censusAt).not.toBeNull();
    }, 20_000);
    await other.deps.census.close();
    await other.stop();
  });
});
