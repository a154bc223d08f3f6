import { afterEach, describe, expect, it } from "vitest";
import { streamPlaceOf } from "../../src/domain/address.ts";
import { streamKey as embeddedKey } from "../../src/store/embedded/keys.ts";
import { streamKey } from "../../src/store/redis/keys.ts";
import type { Harness } from "../conformance/harness.ts";
import { openEmbedded } from "../support/embedded-harness.ts";
import { streamOf } from "../support/ordered.ts";
import { openRedis } from "../support/redis-harness.ts";

type At = Parameters<typeof streamPlaceOf>[0];

/** Each store, and what leaves bytes in place of a stream that no stream has. */
const STORES = {
  embedded: async () => {
    const harness = await openEmbedded();
    const damage = (at: At) =>
      harness.tamper([{ key: embeddedKey(streamPlaceOf(at).id), value: Buffer.from("no stream") }]);
    return { harness, damage };
  },
  redis: async () => {
    const harness = await openRedis(1);
    const damage = (at: At) => harness.call("SET", streamKey(streamPlaceOf(at)), "no stream");
    return { harness, damage };
  },
} satisfies Record<string, () => Promise<{ harness: Harness; damage: (at: At) => Promise<unknown> }>>;

describe.each(Object.entries(STORES))("a stream that cannot be read: %s", (_name, open) => {
  let harness: Harness | undefined;
  afterEach(() => harness?.close());

  it("is told as damaged, and is put right by a reset that expects nothing", async () => {
    const { damage, ...opened } = await open();
    harness = opened.harness;
    const stream = streamOf(harness, "strict_next");
    await stream.commit(1n);
    await damage(stream.at);
    const damaged = { code: "STORE_DAMAGED" };
    await expect(stream.effect(2n).begin()).rejects.toMatchObject(damaged);
    await expect(stream.read()).rejects.toMatchObject(damaged);
    await expect(stream.advance(2n)).rejects.toMatchObject(damaged);
    await expect(stream.reset(1n, 1n)).rejects.toMatchObject(damaged);
    await expect(stream.skip(undefined, 1n)).rejects.toMatchObject(damaged);
    expect(await stream.reset(undefined, 1n)).toMatchObject({ kind: "reset", last: 1n });
    expect(await stream.effect(2n).begin()).toMatchObject({ kind: "started" });
  });

  it("keeps no record from being forgotten", async () => {
    const { damage, ...opened } = await open();
    harness = opened.harness;
    const stream = streamOf(harness, "strict_next");
    const one = stream.effect(1n);
    await one.start();
    await damage(stream.at);
    expect(await one.forget()).toMatchObject({ kind: "forgotten" });
    expect(await one.state()).toBe("absent");
  });
});
