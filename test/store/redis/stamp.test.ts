import { describe, expect, it } from "vitest";
import { durationMs, type Slot, slot } from "../../../src/base/units.ts";
import { placeOf } from "../../../src/domain/address.ts";
import { type IdempotencyStore, StoreOpenError } from "../../../src/store/port.ts";
import { GENERATION_KEY, headerKey } from "../../../src/store/redis/keys.ts";
import { shardTable } from "../../../src/store/redis/table.ts";
import { address } from "../../support/commands.ts";
import { shardsOn } from "../../support/redis-harness.ts";
import { live, main, redisLab, SOON } from "../../support/redis-lab.ts";
import type { RedisServer } from "../../support/redis-server.ts";
import { subjectOf } from "../../support/subject.ts";

const lab = redisLab();
const SLOTS = Array.from({ length: 4096 }, (_, n) => slot(n));

/** An address whose record lives on that shard of the table. */
function addressOn(names: readonly string[], shard: string) {
  const table = shardTable(names);
  for (;;) {
    const at = address();
    if (table.names[table.ownerOf(placeOf(at).slot)] === shard) return at;
  }
}

function start(store: IdempotencyStore, at = address()) {
  return subjectOf(live(store), at).start();
}

async function servers(count: number): Promise<RedisServer[]> {
  return Promise.all(Array.from({ length: count }, () => lab.server()));
}

const codes = (store: IdempotencyStore) => store.status().warnings.map(({ code }) => code);
const lost = (store: IdempotencyStore) => codes(store).includes("DATA_LOST");

describe("a Redis that nobody has used", () => {
  it("is stamped in every slot and marked, and served without a gap", async () => {
    const server = await lab.server();
    const store = await lab.open(main(server));
    expect(store.status()).toMatchObject({ kind: "redis", serving: true, gaps: [] });
    expect(await lab.stamped(server)).toBe(4096);
    const marker = JSON.parse((await lab.client(server).get(GENERATION_KEY)) ?? "");
    expect(marker).toMatchObject({ shard: "main", table: ["main"], runId: expect.stringMatching(/^[0-9a-f]{40}$/) });
  });

  it("is stamped once by sidecars that start together, and none of them sees a loss", async () => {
    const server = await lab.server();
    const stores = await Promise.all(Array.from({ length: 6 }, () => lab.open(main(server))));
    for (const store of stores) expect(store.status()).toMatchObject({ serving: true, gaps: [] });
    const [one, ...others] = await Promise.all(stores.map((store) => start(store)));
    expect(new Set([one, ...others].map((each) => each?.record.token)).size).toBe(6);
  });

  it("is stamped in its own slots by each shard of a table, also when sidecars start together", async () => {
    const three = await servers(3);
    const stores = await Promise.all(Array.from({ length: 4 }, () => lab.open(shardsOn(three))));
    for (const store of stores) {
      expect(store.status()).toMatchObject({ serving: true, gaps: [] });
      expect(store.status().shards.map(({ state }) => state)).toEqual(["serving", "serving", "serving"]);
      expect(lost(store)).toBe(false);
    }
    const counts = await Promise.all(three.map(lab.stamped));
    const table = shardTable(["a", "b", "c"]);
    expect(counts).toEqual(["a", "b", "c"].map((name) => table.slotsOf(name).length));
  });

  it("is found stamped by the next sidecar, which changes nothing", async () => {
    const server = await lab.server();
    const first = await lab.open(main(server));
    const at = address();
    const { record } = await start(first, at);
    const before = await lab.client(server).get(GENERATION_KEY);
    const second = await lab.open(main(server));
    expect(second.status()).toMatchObject({ serving: true, gaps: [] });
    expect((await subjectOf(live(second), at).finish(record.token)).record.state).toBe("succeeded");
    expect(await lab.client(server).get(GENERATION_KEY)).toBe(before);
  });

  it("keeps data of another database of the same server apart", async () => {
    const server = await lab.server();
    const [zero, one] = [await lab.open(main(server, 0)), await lab.open(main(server, 1))];
    const at = address();
    await start(zero, at);
    expect((await start(one, at)).record.attempts).toBe(1);
  });
});

describe("a shard that carries another table's stamp", () => {
  it.each([
    ["a single Redis", ["main"], ["a"]],
    ["a shard fewer", ["a", "b"], ["a"]],
    ["a shard more", ["a"], ["a", "b"]],
    ["another name", ["a", "b"], ["a", "z"]],
  ])("is refused at the start, and the reason names both tables: %s", async (_what, before, after) => {
    const two = await servers(2);
    const on = (names: readonly string[]) => names.map((name, n) => ({ name, url: two[n]?.url() ?? "" }));
    await lab.open(on(before));
    const opening = lab.open(on(after));
    await expect(opening).rejects.toThrow(StoreOpenError);
    const tables = `the table of ${before.join(", ")} .*this sidecar's table is ${after.join(", ")} `;
    await expect(lab.open(on(after))).rejects.toThrow(new RegExp(tables));
  });

  it("is refused when two addresses of the table are swapped, which moves no stamp", async () => {
    const [one, two] = await servers(2);
    const on = (a = one, b = two) => [
      { name: "a", url: a?.url() ?? "" },
      { name: "b", url: b?.url() ?? "" },
    ];
    await lab.open(on());
    await expect(lab.open(on(two, one))).rejects.toThrow("two addresses are swapped or equal");
  });

  it("is refused when two shards of the table are one Redis", async () => {
    const server = await lab.server();
    const store = await lab
      .open([
        { name: "a", url: server.url() },
        { name: "b", url: server.url() },
      ])
      .catch((error: unknown) => error);
    if (store instanceof Error) expect(store.message).toContain("two addresses are swapped or equal");
    else await expect.poll(() => (store as IdempotencyStore).status().serving, SOON).toBe(false);
  });

  it("stops a store that already serves, also on its other shards, with a fault that says so", async () => {
    const three = await servers(3);
    const store = await lab.open(shardsOn(three));
    const client = lab.client(three[1] as RedisServer);
    const table = shardTable(["a", "b", "c"]);
    const foreign = Buffer.concat([shardTable(["other"]).stamp, Buffer.alloc(8)]);
    const overwritten: Slot[] = SLOTS.filter((at) => table.names[table.ownerOf(at)] === "b");
    await client.mset(...overwritten.flatMap((at) => [headerKey(at), foreign]));
    await expect(start(store, addressOn(["a", "b", "c"], "b"))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect.poll(() => store.status().serving, SOON).toBe(false);
    expect(store.status().shards.map(({ state }) => state)).toEqual(["refused", "refused", "refused"]);
    expect(store.status().reason).toMatch(/another table|is stamped for/);
    const refused = start(store, addressOn(["a", "b", "c"], "a"));
    await expect(refused).rejects.toMatchObject({ code: "SHARD_TABLE_CHANGED", shard: "b" });
  });

  it.each([
    ["of our length", 24],
    ["that is empty", 0],
    ["longer than a byte can tell", 1000],
  ])("lets the store serve again by itself once the right data is back: a header %s", async (_what, length) => {
    const server = await lab.server();
    const store = await lab.open(main(server));
    const client = lab.client(server);
    const kept = (await client.getBuffer(headerKey(slot(7)))) as Buffer;
    await client.set(headerKey(slot(7)), Buffer.alloc(length, 1));
    await client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await expect.poll(() => store.status().shards[0]?.state, SOON).toBe("refused");
    await client.set(headerKey(slot(7)), kept);
    await expect.poll(() => store.status().serving, SOON).toBe(true);
  });
});

describe("a table of which a shard is down", () => {
  it("is not stamped before the whole of it has been seen", async () => {
    const three = await servers(3);
    await three[2]?.stop();
    const store = await lab.open(shardsOn(three), { firstVerifyTimeout: durationMs(300) });
    expect(store.status().serving).toBe(false);
    expect(store.status().reason).toContain("not every shard of the table has been seen yet");
    expect(await lab.stamped(three[0] as RedisServer)).toBe(0);
    await three[2]?.restart();
    await expect.poll(() => store.status().shards.every(({ state }) => state === "serving"), SOON).toBe(true);
    expect(store.status().gaps).toEqual([]);
  });

  it("serves from the others where they carry the stamp", async () => {
    const three = await servers(3);
    await (await lab.open(shardsOn(three))).close();
    await three[2]?.stop();
    const store = await lab.open(shardsOn(three), { firstVerifyTimeout: durationMs(300) });
    await expect
      .poll(() => store.status().shards.map(({ state }) => state), SOON)
      .toEqual(["serving", "serving", "unavailable"]);
    await start(store, addressOn(["a", "b", "c"], "a"));
    await expect(start(store, addressOn(["a", "b", "c"], "c"))).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      shard: "c",
    });
  });
});
