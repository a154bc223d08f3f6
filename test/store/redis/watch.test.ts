import { describe, expect, it } from "vitest";
import type { RecordAddress } from "../../../src/domain/address.ts";
import type { IdempotencyStore } from "../../../src/store/port.ts";
import { address } from "../../support/commands.ts";
import { shardsOn } from "../../support/redis-harness.ts";
import { live, main, redisLab, SOON } from "../../support/redis-lab.ts";
import { subjectOf } from "../../support/subject.ts";

const lab = redisLab();

/** Counts wakes, from the first on, which says that the store has begun to listen. */
async function watching(store: IdempotencyStore, at: RecordAddress) {
  let wakes = 0;
  const watch = store.watch(at, () => {
    wakes += 1;
  });
  await expect.poll(() => wakes, SOON).toBeGreaterThan(0);
  wakes = 0;
  return { wakes: () => wakes, close: () => watch.close() };
}

describe("a watcher in another process", () => {
  it("is woken by the end of the attempt it waits for", async () => {
    const server = await lab.server();
    const [one, two] = [await lab.open(main(server)), await lab.open(main(server))];
    const at = address();
    const executor = subjectOf(live(one), at);
    const { record } = await executor.start();
    const watcher = await watching(two, at);
    expect((await subjectOf(live(two), at).begin({}, { announce: true })).kind).toBe("in_progress");
    await executor.finish(record.token);
    await expect.poll(watcher.wakes, SOON).toBe(1);
  });

  it("is woken on whichever shard its address lives", async () => {
    const servers = await Promise.all([lab.server(), lab.server(), lab.server()]);
    const [one, two] = [await lab.open(shardsOn(servers)), await lab.open(shardsOn(servers))];
    for (let n = 0; n < 12; n++) {
      const at = address();
      const executor = subjectOf(live(one), at);
      const { record } = await executor.start();
      let wakes = 0;
      const watch = two.watch(at, () => {
        wakes += 1;
      });
      await subjectOf(live(two), at).get({ announce: true });
      await executor.release(record.token);
      await expect.poll(() => wakes, SOON).toBeGreaterThan(0);
      watch.close();
    }
  });

  it("is woken when the connection that would have woken it comes back", async () => {
    const server = await lab.server();
    const store = await lab.open(main(server));
    const watcher = await watching(store, address());
    await lab.client(server).call("CLIENT", "KILL", "TYPE", "pubsub");
    await expect.poll(watcher.wakes, SOON).toBeGreaterThan(0);
  });
});

describe("a store that nobody waits on", () => {
  it("keeps no connection for it, and publishes nothing", async () => {
    const server = await lab.server();
    const store = await lab.open(main(server));
    const subject = subjectOf(live(store));
    const { record } = await subject.start();
    await subject.begin();
    await subject.finish(record.token);
    const stats = await lab.client(server).info("commandstats");
    expect(stats).not.toMatch(/cmdstat_(publish|subscribe)/);
  });
});

describe("a server that forbids publishing", () => {
  it("still lets attempts end", async () => {
    const server = await lab.server();
    const client = lab.client(server);
    await client.acl("SETUSER", "quiet", "on", ">pw", "~*", "+@all", "resetchannels");
    const url = `redis+unix://quiet:pw@localhost${server.socket}`;
    const store = await lab.open([{ name: "main", url }]);
    const subject = subjectOf(live(store));
    const { record } = await subject.start();
    await subject.begin({}, { announce: true });
    expect((await subject.finish(record.token)).record.state).toBe("succeeded");
  });
});
