import { connect } from "node:http2";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { protos } from "../../src/transport/grpc/protos.ts";
import { refusalOf } from "../support/grpc.ts";
import { openWire, type Wire } from "../support/wire.ts";

/** What the wire adds to waiting: deadlines, cancellation, broken connections, the end of the process. */
let wire: Wire;
beforeEach(async () => {
  wire = await openWire();
});
afterEach(() => wire.stop());

/** Longest that something is waited for, ms. */
const BOUND = { timeout: 20_000 };
const WAIT = { waitMs: 30_000 };

/** Resolves when that many calls wait. */
function waiters(count: number): Promise<unknown> {
  return vi.waitUntil(() => wire.deps.waiting.waiting === count, BOUND);
}

/** A message as it travels: a flag for no compression and its length stand before it. */
function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

describe("a waiting call", () => {
  it("is woken by a completion on another connection", async () => {
    const { at, token } = await wire.begun();
    const [begin, get] = [wire.client.begin({ address: at, ...WAIT }), wire.client.get({ address: at, ...WAIT })];
    await waiters(2);
    const done = {
      address: at,
      fencingToken: token,
      kind: "SUCCEEDED",
      result: { body: Buffer.from("done") },
    } as const;
    await wire.client.complete(done);
    expect(await begin).toMatchObject({ outcome: "REPLAY", record: { result: { body: Buffer.from("done") } } });
    expect(await get).toMatchObject({ found: true, record: { state: "SUCCEEDED" } });
    await waiters(0);
  });

  it("is answered before its deadline, which is shorter than its wait", async () => {
    const { at } = await wire.begun();
    const answers = await Promise.all([
      wire.client.begin({ address: at, ...WAIT }, { deadlineMs: 4000 }),
      wire.client.get({ address: at, ...WAIT }, { deadlineMs: 4000 }),
    ]);
    expect(answers).toMatchObject([{ outcome: "IN_PROGRESS" }, { found: true, record: { state: "IN_PROGRESS" } }]);
    await waiters(0);
  });

  it("gives its place up when its deadline passes before an answer is there", async () => {
    const { at } = await wire.begun();
    const refusal = refusalOf(wire.client.begin({ address: at, ...WAIT }, { deadlineMs: 1 }));
    expect((await refusal).code).toBe("DEADLINE_EXCEEDED");
    await waiters(0);
    await vi.waitUntil(() => wire.deps.admission.inFlight === 0, BOUND);
  });

  it("gives its place up when its caller cancels, and starts nothing for it", async () => {
    const { at, token } = await wire.begun();
    const gone = new AbortController();
    const refusal = refusalOf(wire.client.begin({ address: at, ...WAIT }, { signal: gone.signal }));
    await waiters(1);
    gone.abort();
    expect((await refusal).code).toBe("CANCELLED");
    await waiters(0);
    await wire.client.release({ address: at, fencingToken: token });
    expect((await wire.client.get({ address: at })).record?.state).toBe("RETRYABLE");
  });

  it("gives its place up when its connection breaks", async () => {
    const { at } = await wire.begun();
    const connection = connect(`http://${wire.address}`);
    const path = "/onceward.v1.IdempotencyService/Get";
    const call = connection.request({ ":method": "POST", ":path": path, "content-type": "application/grpc" });
    for (const broken of [connection, call]) broken.on("error", () => {});
    call.end(framed(protos().onceward.v1.GetRequest.serialize({ address: at, ...WAIT })));
    await waiters(1);
    connection.destroy();
    await waiters(0);
  });

  it("is answered when the process stops, long before its wait is over", async () => {
    const { at } = await wire.begun();
    const patient = { deadlineMs: 60_000 };
    const calls = [
      wire.client.begin({ address: at, ...WAIT }, patient),
      wire.client.get({ address: at, ...WAIT }, patient),
    ];
    await waiters(2);
    const stopped = wire.stop(60_000);
    let answers: unknown;
    void Promise.all(calls).then((all) => {
      answers = all;
    });
    await vi.waitUntil(() => answers !== undefined, BOUND);
    expect(answers).toMatchObject([{ outcome: "IN_PROGRESS" }, { found: true }]);
    await stopped;
  });
});
