import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { anAddress, errorOf, type Lab, openLab, started } from "./lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterEach(() => {
  lab.relay.asked.length = 0;
  lab.relay.fate = () => "pass";
});
afterAll(() => lab.stop());

const many = <T>(count: number, each: (index: number) => T) => Array.from({ length: count }, (_, index) => each(index));
const kinds = (outcomes: readonly { readonly kind: string }[]) => outcomes.map(({ kind }) => kind);

describe("the calls of one turn of the event loop", () => {
  it("leave in one message, and each gets its own answer", async () => {
    const addresses = many(40, () => anAddress());
    const begun = await Promise.all(addresses.map((address) => started(lab.client, address)));
    expect(lab.relay.seen()).toEqual(["BeginBatch 40"]);
    expect(new Set(begun.map(({ token }) => token)).size).toBe(40);
    const completed = await Promise.all(
      addresses.map((address, index) =>
        lab.client.complete(address, { kind: "succeeded", token: begun[index]!.token, result: { body: address.key } }),
      ),
    );
    expect(lab.relay.seen()).toEqual(["BeginBatch 40", "CompleteBatch 40"]);
    expect(new Set(kinds(completed))).toEqual(new Set(["stored"]));
    const replays = await Promise.all(addresses.map((address) => lab.client.begin(address)));
    const bodies = replays.map((outcome) => outcome.kind === "replay" && outcome.record.result?.body.toString());
    expect(bodies).toEqual(addresses.map(({ key }) => key));
  });

  it("leave each by itself when there is but one", async () => {
    const address = anAddress();
    const { token } = await started(lab.client, address);
    await lab.client.complete(address, { kind: "retryable", token });
    expect(lab.relay.seen()).toEqual(["Begin 1", "Complete 1"]);
  });

  it("are no more than 500 in a message", async () => {
    await Promise.all(many(1001, () => lab.client.begin(anAddress())));
    expect(lab.relay.seen().sort()).toEqual(["Begin 1", "BeginBatch 500", "BeginBatch 500"]);
  });

  it("are no more than a MiB in a message", async () => {
    const payload = new Uint8Array(300 * 1024);
    await Promise.all(many(4, () => lab.client.begin(anAddress(), { fingerprint: { payload } })));
    expect(lab.relay.seen().sort()).toEqual(["Begin 1", "BeginBatch 3"]);
  });

  it("leave by themselves when they wait", async () => {
    const address = anAddress();
    const { token } = await started(lab.client, address);
    const waiting = Promise.all(many(2, () => lab.client.begin(address, { waitMs: 10_000 })));
    await lab.client.complete(address, { kind: "succeeded", token });
    expect(kinds(await waiting)).toEqual(["replay", "replay"]);
    expect(lab.relay.seen().filter((rpc) => rpc.startsWith("BeginBatch"))).toEqual([]);
  });

  it("fail one by one when one is refused", async () => {
    const [bad, good] = await Promise.allSettled([
      lab.client.begin(anAddress({ stream: "s" }), {
        ordering: { mode: "exact", sequence: 0n, initial: 0n }, // the sidecar alone refuses this
      }),
      lab.client.begin(anAddress()),
    ]);
    expect(lab.relay.seen()).toEqual(["BeginBatch 2"]);
    expect(good).toMatchObject({ value: { kind: "started" } });
    expect(bad).toMatchObject({
      reason: { code: "INVALID_ARGUMENT", outcomeUnknown: false, violations: [{ field: "ordering.initial" }] },
    });
  });
});

describe("a call that shares its message", () => {
  it("is over at its own deadline, and its neighbours are not", async () => {
    lab.relay.fate = ({ items }) => (items.length === 3 ? "hold" : "pass");
    const begin = (timeoutMs: number) => lab.client.begin(anAddress(), { timeoutMs });
    const from = performance.now();
    const neighbours = Promise.allSettled([begin(1500), begin(1500)]);
    const error = await errorOf(begin(100));
    expect(performance.now() - from).toBeLessThan(1400);
    expect(error).toMatchObject({ code: "DEADLINE_EXCEEDED", outcomeUnknown: true });
    expect(lab.relay.seen()).toEqual(["BeginBatch 3"]);
    const late = { status: "rejected", reason: { code: "DEADLINE_EXCEEDED", outcomeUnknown: true } };
    expect(await neighbours).toMatchObject([late, late]);
    expect(lab.relay.seen()).toEqual(["BeginBatch 3"]); // and none is sent again
  });

  it("is over when it is aborted, and its neighbours are not", async () => {
    const aborting = new AbortController();
    const neighbour = lab.client.begin(anAddress());
    const given = lab.client.begin(anAddress(), { signal: aborting.signal });
    setImmediate(() => aborting.abort(new Error("enough")));
    const error = await errorOf(given);
    expect(error).toMatchObject({ code: "CANCELLED", outcomeUnknown: true, cause: { message: "enough" } });
    expect(await neighbour).toMatchObject({ kind: "started" });
  });

  it("is not sent when it is aborted before the turn ends", async () => {
    const aborting = new AbortController();
    const neighbour = lab.client.begin(anAddress());
    const given = lab.client.begin(anAddress(), { signal: aborting.signal });
    aborting.abort();
    expect(await errorOf(given)).toMatchObject({ code: "CANCELLED", outcomeUnknown: false });
    expect(await errorOf(lab.client.begin(anAddress(), { signal: aborting.signal }))).toMatchObject({
      code: "CANCELLED",
      outcomeUnknown: false,
    });
    expect(await neighbour).toMatchObject({ kind: "started" });
    expect(lab.relay.seen()).toEqual(["Begin 1"]);
  });

  it("takes its message along when all in it have given up", async () => {
    lab.relay.fate = () => "hold";
    const aborting = new AbortController();
    const { signal } = aborting;
    const calls = Promise.allSettled(many(2, () => lab.client.begin(anAddress(), { signal })));
    await expect.poll(() => lab.relay.seen()).toEqual(["BeginBatch 2"]);
    const before = lab.relay.cancelled;
    aborting.abort();
    expect(await calls).toMatchObject([{ status: "rejected" }, { status: "rejected" }]);
    await expect.poll(() => lab.relay.cancelled).toBe(before + 1);
  });
});

describe("under way", () => {
  it("are at most 32 messages of a kind: who is called meanwhile waits, and keeps to its deadline", async () => {
    lab.relay.fate = () => "hold";
    const aborting = new AbortController();
    const { signal } = aborting;
    const stuck: Promise<unknown>[] = [];
    for (let message = 0; message < 32; message++) {
      stuck.push(lab.client.begin(anAddress(), { signal }));
      await new Promise(setImmediate);
    }
    const late = errorOf(lab.client.begin(anAddress(), { timeoutMs: 200 }));
    const held = many(3, () => lab.client.begin(anAddress()));
    expect(await late).toMatchObject({ code: "DEADLINE_EXCEEDED", outcomeUnknown: false });
    expect(lab.relay.asked).toHaveLength(32);
    lab.relay.fate = () => "pass";
    aborting.abort();
    await Promise.allSettled(stuck);
    expect(new Set(kinds(await Promise.all(held)))).toEqual(new Set(["started"]));
    expect(lab.relay.asked).toHaveLength(33);
  });
});

describe("closing a client", () => {
  it("settles what is outstanding, sent or not, and every later call", async () => {
    const other = await openLab();
    other.relay.fate = () => "hold";
    const sent = errorOf(other.client.begin(anAddress()));
    await expect.poll(() => other.relay.asked).toHaveLength(1);
    const unsent = errorOf(other.client.begin(anAddress()));
    other.client.close();
    other.client.close();
    expect(await sent).toMatchObject({ code: "CANCELLED", reason: "CLIENT_CLOSED", outcomeUnknown: true });
    expect(await unsent).toMatchObject({ code: "CANCELLED", reason: "CLIENT_CLOSED", outcomeUnknown: false });
    expect(await errorOf(other.client.get(anAddress()))).toMatchObject({ reason: "CLIENT_CLOSED" });
    await other.stop();
  });
});
