import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { epochMs } from "../../../src/base/units.ts";
import type { IdempotencyStore } from "../../../src/store/port.ts";
import { findingsOf, type ServerFacts, serverFacts } from "../../../src/store/redis/inspect.ts";
import { live, main, redisLab, SOON } from "../../support/redis-lab.ts";
import { AOF_ALWAYS } from "../../support/redis-server.ts";
import { subjectOf } from "../../support/subject.ts";

const lab = redisLab();

function warnings(store: IdempotencyStore): Record<string, string> {
  return Object.fromEntries(store.status().warnings.map(({ code, message }) => [code, message]));
}

describe("a Redis that is set up well", () => {
  it("gets no warning, and its durability says what an acknowledgement is worth", async () => {
    const server = await lab.server({ args: AOF_ALWAYS });
    const store = await lab.open(main(server), { strict: true });
    expect(warnings(store)).toEqual({});
    expect(store.status()).toMatchObject({ serving: true, durability: expect.stringContaining("on disk") });
  });
});

describe("an inspection", () => {
  it("finds an eviction policy", async () => {
    const server = await lab.server({ args: [...AOF_ALWAYS, "--maxmemory-policy", "allkeys-lru"] });
    const { MAXMEMORY_POLICY } = warnings(await lab.open(main(server)));
    expect(MAXMEMORY_POLICY).toContain("maxmemory-policy is allkeys-lru");
  });

  it.each([
    ["nothing is persisted", [], true, "none: a restart loses everything"],
    ["snapshots are taken", ["--save", "3600 1"], false, "snapshots only"],
    ["a log is synced every second", ["--appendonly", "yes"], false, "aof everysec"],
    [
      "a log is synced when the system likes",
      ["--appendonly", "yes", "--appendfsync", "no"],
      false,
      "operating system",
    ],
  ])("tells how much a crash loses when %s", async (_what, args, warned, durability) => {
    const store = await lab.open(main(await lab.server({ args })));
    expect("NO_PERSISTENCE" in warnings(store)).toBe(warned);
    expect(store.status().durability).toContain(durability);
  });

  it("finds a replica, which it cannot write to", async () => {
    const primary = await lab.server({ tcp: true, args: ["--repl-diskless-sync-delay", "0"] });
    await (await lab.open(main(primary))).close();
    const args = ["--replicaof", "127.0.0.1", String(primary.port)];
    const replica = await lab.server({ args });
    const client = lab.client(replica);
    await expect.poll(() => client.info("replication"), SOON).toContain("master_link_status:up");
    const store = await lab.open(main(replica));
    expect(warnings(store).NOT_MASTER).toContain("its role is slave");
    await expect(subjectOf(live(store)).begin()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it.each([
    [5000, "ahead of"],
    [-5000, "behind"],
  ])("finds a clock that is %i ms off", async (ms, way) => {
    const clock = { ...systemClock, now: () => epochMs(systemClock.now() + ms) };
    const store = await lab.open(main(await lab.server({ args: AOF_ALWAYS })), { clock, strict: true });
    expect(Object.keys(warnings(store))).toEqual(["CLOCK_SKEW"]);
    expect(warnings(store).CLOCK_SKEW).toMatch(new RegExp(`about [456] s ${way} the server's`));
    expect(store.status().serving).toBe(true);
  });

  it("says so when it is not allowed to look, and needs no right to read the configuration", async () => {
    const server = await lab.server({ args: AOF_ALWAYS });
    const client = lab.client(server);
    const as = (user: string) => [{ name: "main", url: `redis+unix://${user}:pw@localhost${server.socket}` }];
    await client.acl("SETUSER", "plain", "on", ">pw", "~*", "&*", "+@all", "-config");
    const plain = await lab.open(as("plain"));
    expect(warnings(plain)).toEqual({});
    expect(plain.status().durability).toContain("its sync policy not readable");
    await client.acl("SETUSER", "blind", "on", ">pw", "~*", "&*", "+@all", "-config", "-info");
    const blind = await lab.open(as("blind"));
    expect(Object.keys(warnings(blind))).toEqual(["NOT_INSPECTED"]);
    expect((await subjectOf(live(blind)).start()).record.attempts).toBe(1);
  });
});

describe("what a server says of itself", () => {
  const facts = (parts: Partial<ServerFacts>): ServerFacts => ({
    ...{ runId: "r", uptimeMs: 1, version: "7.2.4", role: "master", maxmemoryPolicy: "noeviction" },
    ...{ persistence: "aof_always", snapshotAt: epochMs(0) },
    ...{ removed: { expired: 0, evicted: 0 }, ...parts },
  });
  const codes = (parts: Partial<ServerFacts>) => findingsOf(facts(parts), 0, 0).map(({ code }) => code);

  it.each([
    ["5.0.14", true],
    ["6.0.20", true],
    ["6.2.0", false],
    ["7.0.15", false],
    ["10.1.0", false],
    ["", true],
  ])("version %j is too old: %s", (version, old) => {
    expect(codes({ version })).toEqual(old ? ["OLD_VERSION"] : []);
  });

  it("is read from INFO, and from the configuration where that may be read", () => {
    const info =
      "# Server\r\nrun_id:abc\r\nuptime_in_seconds:12\r\nredis_version:7.2.4\r\nrole:master\r\naof_enabled:1\r\n";
    expect(serverFacts(info, new Map([["appendfsync", "no"]]))).toMatchObject({
      ...{ runId: "abc", uptimeMs: 12_000, version: "7.2.4", role: "master", persistence: "aof_no" },
    });
    expect(serverFacts(info, undefined).persistence).toBe("aof_unknown");
    expect(serverFacts("aof_enabled:0\r\nrdb_saves:0", undefined).persistence).toBe("none");
    expect(serverFacts("aof_enabled:0\r\nrdb_saves:2", undefined).persistence).toBe("snapshots");
  });

  it("tells what its last snapshot holds for sure: all from before it was begun", () => {
    const at = (info: string) => serverFacts(info, undefined).snapshotAt;
    expect(at("rdb_last_save_time:1800000000\r\nrdb_last_bgsave_time_sec:30")).toBe(1_799_999_969_000);
    expect(at("rdb_last_save_time:1800000000\r\nrdb_last_bgsave_time_sec:-1")).toBe(1_799_999_999_000);
    expect(at("role:master")).toBe(0);
  });

  it("is not blamed for a clock that the round trip alone may explain", () => {
    expect(findingsOf(facts({}), 1500, 600)).toEqual([]);
    expect(findingsOf(facts({}), 1700, 600).map(({ code }) => code)).toEqual(["CLOCK_SKEW"]);
  });
});
