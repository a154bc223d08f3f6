import { describe, expect, it } from "vitest";
import { durationMs } from "../../../src/base/units.ts";
import { pause } from "../../../src/base/wait.ts";
import { placeOf } from "../../../src/domain/address.ts";
import type { IdempotencyStore } from "../../../src/store/port.ts";
import { GENERATION_KEY } from "../../../src/store/redis/keys.ts";
import { shardTable } from "../../../src/store/redis/table.ts";
import { address } from "../../support/commands.ts";
import { live, redisLab, SOON } from "../../support/redis-lab.ts";
import type { RedisServer } from "../../support/redis-server.ts";
import { subjectOf } from "../../support/subject.ts";

const lab = redisLab();
/** Databases of one server: each is a fresh Redis for one round. */
const ROUNDS = 12;
/** Longest the rounds may take, ms: each waits for two stores to open, on a busy machine. */
const ROUNDS_MS_MAX = 120_000;
/** Longer than a shard that waits takes to look again, ms. */
const A_WHILE = durationMs(3000);
/** A call about every millisecond, for longer than a first start takes. */
const TRIES = 600;
const BRIEF = durationMs(300);

type Servers = Readonly<Record<string, RedisServer>>;

async function threeServers(): Promise<Servers> {
  const [a, b, c] = [await lab.server(), await lab.server(), await lab.server()];
  return { a, b, c };
}

const on = (servers: Servers, names: readonly string[], db = 0) =>
  names.map((name) => ({ name, url: servers[name]?.url(db) ?? "" }));

const ownerOf = (names: readonly string[], at: ReturnType<typeof address>) => {
  const table = shardTable(names);
  return table.names[table.ownerOf(placeOf(at).slot)];
};

/** An address that two tables give to two shards, neither of them shared. */
function disputed(one: readonly string[], two: readonly string[]) {
  for (;;) {
    const at = address();
    if (!two.includes(ownerOf(one, at) ?? "") && !one.includes(ownerOf(two, at) ?? "")) return at;
  }
}

const start = (store: IdempotencyStore, at = address()) => subjectOf(live(store), at).start();
const states = (store: IdempotencyStore) => store.status().shards.map(({ state }) => state);

describe("two sidecars with two tables that start together on Redis nobody has used", () => {
  it.each([
    [
      ["a", "b"],
      ["a", "c"],
    ],
    [
      ["a", "c"],
      ["b", "c"],
    ],
    [
      ["a", "b"],
      ["b", "c"],
    ],
  ])(
    "never both start one address: %j and %j",
    async (one, two) => {
      const servers = await threeServers();
      let winners = 0;
      for (let db = 0; db < ROUNDS; db++) {
        const at = disputed(one, two);
        const run = async (names: readonly string[]) => {
          // Asks from the first moment on: a loser that served for an instant would answer.
          const store = await lab.open(on(servers, names, db), { firstVerifyTimeout: durationMs(1) });
          for (let left = TRIES; ; left--) {
            try {
              return await start(store, at);
            } catch (fault) {
              if (left === 0) throw fault;
              await pause(durationMs(1));
            }
          }
        };
        const outcomes = await Promise.allSettled(db % 2 === 0 ? [run(one), run(two)] : [run(two), run(one)]);
        const started = outcomes.filter(({ status }) => status === "fulfilled").length;
        expect(started).toBeLessThanOrEqual(1);
        winners += started;
      }
      expect(winners).toBe(ROUNDS);
    },
    ROUNDS_MS_MAX,
  );
});

describe("a table that is not won", () => {
  it("is not served by who lost the race, also when the shard that was lost goes away", async () => {
    const servers = await threeServers();
    await servers.c?.stop();
    const loser = await lab.open(on(servers, ["a", "c"]), { firstVerifyTimeout: BRIEF });
    const winner = await lab.open(on(servers, ["a", "b"]));
    expect(states(winner)).toEqual(["serving", "serving"]);
    await servers.a?.stop();
    await servers.c?.restart();
    await pause(A_WHILE);
    expect(states(loser)).not.toContain("serving");
    expect(await lab.stamped(servers.c as RedisServer)).toBe(0);
  });

  it("is not served from the shards it has, also not by a sidecar that finds them stamped", async () => {
    const servers = await threeServers();
    await (await lab.open(on(servers, ["a", "c"]))).close();
    // As a sidecar leaves it that ended between stamping the first shard and the second.
    const [a, c] = [lab.client(servers.a as RedisServer), lab.client(servers.c as RedisServer)];
    const marker = JSON.parse((await a.get(GENERATION_KEY)) ?? "");
    expect(marker.tableWon).toBe(true);
    await a.set(GENERATION_KEY, JSON.stringify({ ...marker, tableWon: false }));
    await c.flushall();
    await servers.c?.stop();
    const store = await lab.open(on(servers, ["a", "c"]), { firstVerifyTimeout: BRIEF });
    expect(store.status().shards[0]).toMatchObject({
      state: "unavailable",
      reason: "not every shard of the table has been seen stamped yet",
    });
    await servers.c?.restart();
    await expect.poll(() => states(store), SOON).toEqual(["serving", "serving"]);
    expect(store.status().gaps).toEqual([]);
  });
});
