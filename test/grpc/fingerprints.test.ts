import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { Fingerprint } from "../../src/transport/grpc/gen/onceward/v1/Fingerprint.ts";
import { openReference } from "../support/reference-store.ts";
import { type Served, serveStore } from "../support/sidecar.ts";
import { fresh } from "../support/wire.ts";

const NEW = `new=${Buffer.alloc(32, 1).toString("base64")}`;
const OLD = `old=${Buffer.alloc(32, 2).toString("base64")}`;

const open: Served[] = [];
afterEach(async () => {
  for (const served of open.splice(0)) await served.stop();
});

/** Sidecars over one store, each with these secrets; what Begin answers there to a record created under the first. */
async function outcomesUnder(secrets: readonly string[], created: Fingerprint, given: Fingerprint) {
  const { store } = await openReference();
  const address = fresh();
  const outcomes: string[] = [];
  for (const [i, value] of secrets.entries()) {
    const served = await serveStore(store, { env: { ONCEWARD_FINGERPRINT_SECRETS: value } });
    open.push(served);
    const { outcome } = await served.client.begin({ address, fingerprint: i === 0 ? created : given });
    outcomes.push(outcome);
  }
  return outcomes.slice(1);
}

/** The same without secrets. */
async function outcome(created: Fingerprint | null, given: Fingerprint | null) {
  const served = await serveStore((await openReference()).store);
  open.push(served);
  const address = fresh();
  await served.client.begin({ address, fingerprint: created });
  return (await served.client.begin({ address, fingerprint: given })).outcome;
}

const payload = (text: string): Fingerprint => ({ payload: Buffer.from(text) });
const digest = (algorithm: string, text: string): Fingerprint => ({ algorithm, digest: Buffer.from(text) });

describe("a fingerprint on the wire", () => {
  it.each([
    ["the same payload", payload("A"), payload("A")],
    ["the same empty payload", payload(""), payload("")],
    [
      "JSON in another order and spacing",
      { json: '{"a":1,"b":[1,2]}' },
      { json: ' { "b" : [1, 2.0], "\\u0061": 1e0 }' },
    ],
    ["the same digest", digest("sha512", "x"), digest("sha512", "x")],
    ["the payload's own SHA-256 as a digest", payload("A"), sha256("A")],
    ["none where there was one", payload("A"), null],
    ["one where there was none", null, payload("A")],
    ["one where there was an empty one", {}, payload("A")],
  ])("fits %s", async (_what, created, given) => {
    expect(await outcome(created, given)).toBe("IN_PROGRESS");
  });

  it.each([
    ["another payload", payload("A"), payload("B")],
    ["an empty payload, which is one", payload("A"), payload("")],
    ["JSON of another value", { json: '{"a":1}' }, { json: '{"a":"1"}' }],
    ["JSON with a list in another order", { json: "[1,2]" }, { json: "[2,1]" }],
    ["the same text as a payload", { json: "{}" }, payload("{}")],
    ["the same digest under another name", digest("sha512", "x"), digest("blake3", "x")],
    ["another digest", digest("sha512", "x"), digest("sha512", "y")],
  ])("does not fit %s", async (_what, created, given) => {
    expect(await outcome(created, given)).toBe("MISMATCH");
  });

  function sha256(text: string): Fingerprint {
    return { algorithm: "sha256", digest: createHash("sha256").update(text).digest() };
  }
});

describe("fingerprint secrets", () => {
  it.each([
    ["a payload", payload("A")],
    ["JSON", { json: '{"a":1}' }],
  ])("can be turned on and changed while records are there: %s", async (_what, given) => {
    expect(await outcomesUnder(["", OLD, `${NEW},${OLD}`], given, given)).toEqual(["IN_PROGRESS", "IN_PROGRESS"]);
    expect(await outcomesUnder([OLD, `${NEW},${OLD}`], given, given)).toEqual(["IN_PROGRESS"]);
    expect(await outcomesUnder([`${NEW},${OLD}`, `${OLD},${NEW}`], given, given)).toEqual(["IN_PROGRESS"]);
  });

  it("tell another payload apart under each of them", async () => {
    const outcomes = await outcomesUnder([OLD, OLD, `${NEW},${OLD}`], payload("A"), payload("B"));
    expect(outcomes).toEqual(["MISMATCH", "MISMATCH"]);
  });

  it("disown a record when the one it was made with is taken away", async () => {
    expect(await outcomesUnder([OLD, NEW, ""], payload("A"), payload("A"))).toEqual(["MISMATCH", "MISMATCH"]);
  });

  it("leave a digest of the caller's own as it is", async () => {
    const own = digest("sha512", "x");
    expect(await outcomesUnder([OLD, NEW, ""], own, own)).toEqual(["IN_PROGRESS", "IN_PROGRESS"]);
  });
});
