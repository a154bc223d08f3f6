import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { placeOf } from "../../../src/domain/address.ts";
import { recordKey } from "../../../src/store/redis/keys.ts";
import { address, beginCommand, resultOf } from "../../support/commands.ts";
import { live, main, redisLab, SOON } from "../../support/redis-lab.ts";
import { subjectOf } from "../../support/subject.ts";

const lab = redisLab();

/** Farther off than two clocks of one machine can be, µs. */
const ANY_MINUTE = 60_000_000;

describe("under the server's own clock", () => {
  it("tokens are its time, and a lease lapses by itself and is taken over", async () => {
    const store = await lab.open(main(await lab.server()));
    const subject = subjectOf(live(store));
    const first = await subject.start({ leaseFor: 100 });
    expect(Math.abs(Number(first.record.token) - systemClock.nowUs())).toBeLessThan(ANY_MINUTE);
    await expect.poll(() => subject.state(), SOON).toBe("unknown");
    const second = await subject.start();
    expect(second).toMatchObject({ takeover: true, record: { attempts: 2, maybeExecuted: true } });
    expect(second.record.token).toBeGreaterThan(first.record.token);
    expect((await subject.complete(first.record.token)).kind).toBe("fenced");
  });

  it("a back-off ends, a body leaves, and then its record leaves, by themselves", async () => {
    const server = await lab.server();
    const store = await lab.open(main(server));
    const subject = subjectOf(live(store));
    await subject.fail((await subject.start()).record.token, { retryAfter: 50 });
    expect((await subject.begin()).kind).toBe("backing_off");
    await expect.poll(async () => (await subject.begin({ attemptId: "next" })).kind, SOON).toBe("started");
    const { record } = await subject.start({ attemptId: "next" });
    const retention = { result: 100, tombstone: 1500 };
    await subject.finish(record.token, { result: resultOf(3000), retention });
    expect(await subject.state()).toBe("succeeded");
    const body = async () => {
      const seen = await subject.get();
      return seen.kind === "found" && "result" in seen.record ? seen.record.result?.body?.length : "absent";
    };
    await expect.poll(body, SOON).toBeUndefined();
    await expect.poll(body, SOON).toBe("absent");
    expect(await lab.client(server).exists(recordKey(placeOf(subject.at)))).toBe(0);
  });
});

describe("64 Begins of one address over four connections", () => {
  it("start one attempt", async () => {
    const server = await lab.server();
    const stores = await Promise.all(Array.from({ length: 4 }, () => lab.open(main(server))));
    for (let round = 0; round < 20; round++) {
      const at = address();
      const begins = Array.from({ length: 64 }, (_, n) => stores[n % 4]?.begin(at, beginCommand()));
      const kinds = (await Promise.all(begins)).map((outcome) => outcome?.kind);
      expect(kinds.filter((kind) => kind === "started")).toHaveLength(1);
      expect(kinds.filter((kind) => kind === "in_progress")).toHaveLength(63);
    }
  });
});
