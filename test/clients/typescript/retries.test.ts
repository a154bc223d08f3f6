import { status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Onceward, openOnceward } from "../../../clients/typescript/src/index.ts";
import { SECOND } from "../../support/commands.ts";
import { RedisProxy } from "../../support/proxy.ts";
import { freshFolder } from "../../support/sidecar.ts";
import { openWire, type Wire } from "../../support/wire.ts";
import { anAddress, errorOf, type Lab, openLab, started } from "./lab.ts";
import { retryInfo } from "./relay.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterEach(() => {
  lab.relay.asked.length = 0;
  lab.relay.fate = () => "pass";
});
afterAll(() => lab.stop());

/** The first `count` calls have that fate, those that come later pass. */
function first(count: number, fate: ReturnType<Lab["relay"]["fate"]>) {
  let met = 0;
  lab.relay.fate = () => (met++ < count ? fate : "pass");
}
const attemptIds = () => lab.relay.asked.map(({ items }) => items.map(({ attemptId }) => attemptId));

describe("a Begin whose answer was lost", () => {
  it("is repeated with its attempt id, and gets its own attempt back", async () => {
    first(2, "lose");
    expect(await started(lab.client, anAddress())).toMatchObject({ number: 1, resumed: true });
    expect(lab.relay.seen()).toEqual(["Begin 1", "Begin 1", "Begin 1"]);
    expect(new Set(attemptIds().flat()).size).toBe(1);
    expect(attemptIds().flat()[0]).toMatch(/^[\w-]{22}-\d+$/);
  });

  it("carries an attempt id that no other call and no other client has made", async () => {
    const other = openOnceward({ address: lab.relay.address });
    await Promise.all([lab.client, other].flatMap((client) => [client.begin(anAddress()), client.begin(anAddress())]));
    other.close();
    expect(new Set(attemptIds().flat()).size).toBe(4);
  });

  it("is repeated together with those it was sent with", async () => {
    first(1, "lose");
    const attempts = await Promise.all([1, 2, 3].map(() => started(lab.client, anAddress())));
    expect(attempts.map(({ resumed }) => resumed)).toEqual([true, true, true]);
    expect(lab.relay.seen()).toEqual(["BeginBatch 3", "BeginBatch 3"]);
    const [before, after] = attemptIds();
    expect(after).toEqual(before);
    expect(new Set(after).size).toBe(3);
  });

  it("is repeated with the attempt id it was given", async () => {
    first(1, "lose");
    expect(await started(lab.client, anAddress(), { attemptId: "mine" })).toMatchObject({ attemptId: "mine" });
    expect(attemptIds()).toEqual([["mine"], ["mine"]]);
  });
});

describe("a Complete whose answer was lost", () => {
  it("is repeated, and finds its own result stored", async () => {
    const address = anAddress();
    const { token } = await started(lab.client, address);
    first(1, "lose");
    const outcome = await lab.client.complete(address, { kind: "succeeded", token, result: { body: "done" } });
    expect(outcome).toMatchObject({ kind: "alreadyStored", resultDiffers: false });
  });
});

describe("a refusal", () => {
  it("with a time to come back is waited out", async () => {
    first(1, { status: status.RESOURCE_EXHAUSTED, metadata: retryInfo(status.RESOURCE_EXHAUSTED, 150) });
    const from = performance.now();
    expect(await started(lab.client, anAddress())).toMatchObject({ resumed: false });
    expect(performance.now() - from).toBeGreaterThanOrEqual(149);
    expect(lab.relay.asked).toHaveLength(2);
  });

  it("without one is final", async () => {
    first(1, { status: status.RESOURCE_EXHAUSTED });
    const error = await errorOf(lab.client.begin(anAddress()));
    expect(error).toMatchObject({ code: "RESOURCE_EXHAUSTED", retryAfterMs: undefined, outcomeUnknown: true });
    expect(lab.relay.asked).toHaveLength(1);
  });

  it.each([
    ["DEADLINE_EXCEEDED", true],
    ["INTERNAL", true],
    ["PERMISSION_DENIED", false],
    ["FAILED_PRECONDITION", false],
  ] as const)("%s is final", async (code, outcomeUnknown) => {
    first(1, { status: status[code] });
    expect(await errorOf(lab.client.begin(anAddress()))).toMatchObject({ code, outcomeUnknown });
    expect(lab.relay.asked).toHaveLength(1);
  });

  it("after a lost answer leaves the outcome unknown", async () => {
    let met = 0;
    lab.relay.fate = () => (met++ === 0 ? "lose" : { status: status.PERMISSION_DENIED });
    const error = await errorOf(lab.client.begin(anAddress()));
    expect(error).toMatchObject({ code: "PERMISSION_DENIED", outcomeUnknown: true });
  });
});

describe("a call that nobody answers", () => {
  const stayAway = { status: status.UNAVAILABLE, metadata: retryInfo(status.UNAVAILABLE, 60 * SECOND) } as const;

  it("ends with what stood in the way as soon as the next try would come after its deadline", async () => {
    let met = 0;
    lab.relay.fate = () => (met++ === 0 ? { status: status.UNAVAILABLE } : stayAway);
    const error = await errorOf(lab.client.begin(anAddress(), { timeoutMs: 30 * SECOND }));
    expect(error).toMatchObject({ code: "UNAVAILABLE", outcomeUnknown: true });
    expect(lab.relay.asked).toHaveLength(2);
  });

  it("can be aborted between two tries", async () => {
    first(1, stayAway);
    const aborting = new AbortController();
    const call = errorOf(lab.client.begin(anAddress(), { signal: aborting.signal, timeoutMs: 300 * SECOND }));
    await expect.poll(() => lab.relay.asked.length).toBe(1);
    // Answers come in order: with this one, the refusal of the other has come, too.
    await started(lab.client, anAddress());
    aborting.abort();
    expect(await call).toMatchObject({ code: "CANCELLED", outcomeUnknown: true });
    expect(lab.relay.asked).toHaveLength(2);
  });
});

describe("an answer that is too large for its batch", () => {
  it("is asked for singly", async () => {
    const addresses = Array.from({ length: 20 }, () => anAddress());
    const body = new Uint8Array(256 * 1024).fill(7);
    for (const address of addresses) {
      const { token } = await started(lab.client, address);
      await lab.client.complete(address, { kind: "succeeded", token, result: { body } });
    }
    lab.relay.asked.length = 0;
    const outcomes = await Promise.all(addresses.map((address) => lab.client.begin(address)));
    for (const outcome of outcomes) {
      expect(outcome.kind === "replay" && outcome.record.result?.body.equals(body)).toBe(true);
    }
    const [batch, ...singles] = lab.relay.asked;
    expect(batch?.items).toHaveLength(20);
    expect(singles.length).toBeGreaterThan(1);
    expect(singles.every(({ rpc }) => rpc === "Begin")).toBe(true);
    const ids = batch?.items.map(({ attemptId }) => attemptId);
    expect(singles.every(({ items }) => ids?.includes(items[0]!.attemptId))).toBe(true);
  });
});

describe("a connection that breaks", () => {
  let [wire, proxy, client]: [Wire?, RedisProxy?, Onceward?] = [];
  const folder = freshFolder();
  afterAll(async () => {
    client?.close();
    await proxy?.close();
    await wire?.stop();
    await wire?.close();
    folder.remove();
  });

  it("loses no call: what was asked is asked again on the next one", async () => {
    wire = await openWire({ listen: `unix:${folder.path}/sidecar.sock` });
    proxy = await RedisProxy.start(`${folder.path}/sidecar.sock`);
    client = openOnceward({ address: `unix:${proxy.url().replace(/^redis\+unix:\/\/|\?.*$/g, "")}` });
    await started(client, anAddress());
    proxy.swallowReplies();
    const [one, other] = [anAddress(), anAddress()];
    const calls = Promise.all([started(client, one), started(client, other)]);
    await expect.poll(() => proxy?.swallowed).toBeGreaterThan(0);
    await expect.poll(() => wire?.client.get({ address: fill(other) })).toMatchObject({ found: true });
    proxy.pass();
    expect(await calls).toMatchObject([{ resumed: true }, { resumed: true }]);
    expect(proxy.connections).toBeGreaterThan(1);
  });
});

function fill({ key }: { readonly key: string }) {
  return { operation: "charge", key };
}
