import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type EffectContext, Fatal, Retryable, RunError } from "../../../clients/typescript/src/index.ts";
import { SECOND } from "../../support/commands.ts";
import { anAddress, type Lab, openLab, started } from "./lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterEach(() => {
  lab.relay.asked.length = 0;
  lab.relay.fate = () => "pass";
});
afterAll(() => lab.stop());

const never = () => {
  throw new Error("the effect ran");
};
const rpcs = () => lab.relay.asked.map(({ rpc }) => rpc);

/** What a run threw. */
async function thrownBy(run: Promise<unknown>): Promise<unknown> {
  const settled = await run.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (settled === undefined) throw new Error("the run did not throw");
  return settled.error;
}

describe("run", () => {
  it("runs the effect once, and hands its result to everybody", async () => {
    const address = anAddress();
    const charge = async ({ token, attempt }: EffectContext) => {
      expect(token).toBe(attempt.token);
      return { body: "charged", metadata: { status: "201" } };
    };
    const [first, second] = [await lab.client.run(address, {}, charge), await lab.client.run(address, {}, never)];
    expect(first).toMatchObject({ replayed: false, resultOmitted: false, completion: { kind: "stored" } });
    expect(second).toMatchObject({ replayed: true, resultOmitted: false, completion: undefined });
    expect(second.result).toEqual(first.result);
    expect(second.result.body.toString()).toBe("charged");
    expect(lab.relay.seen()).toEqual(["Begin 1", "Complete 1", "Begin 1"]);
  });

  it("waits for another caller's run, and gets its result", async () => {
    const address = anAddress();
    const { token } = await started(lab.client, address);
    const run = lab.client.run(address, {}, never);
    await expect.poll(() => lab.relay.asked.length).toBe(3);
    await lab.client.complete(address, { kind: "succeeded", token, result: { body: "theirs" } });
    expect((await run).result.body.toString()).toBe("theirs");
  });

  it("does not run the effect where it may not, and says why", async () => {
    const address = anAddress();
    await started(lab.client, address, { fingerprint: { payload: "a" } });
    const other = lab.client.run(address, { fingerprint: { payload: "b" } }, never);
    expect(await thrownBy(other)).toMatchObject({ name: "RunError", outcome: { kind: "mismatch" }, effectRan: false });
    const busy = lab.client.run(address, { waitMs: 0 }, never);
    expect(await thrownBy(busy)).toMatchObject({ outcome: { kind: "inProgress" } });
  });

  it("does not run the effect on an outcome that it does not know", async () => {
    lab.relay.fate = () => ({ answer: { outcome: 99 } });
    expect(await thrownBy(lab.client.run(anAddress(), {}, never))).toMatchObject({ outcome: { kind: "unknown" } });
  });

  it("keeps the lease while the effect runs", async () => {
    const { kind } = await lab.client
      .run(anAddress(), { leaseMs: 300 }, async () => {
        await expect.poll(() => rpcs().filter((rpc) => rpc === "Renew").length).toBeGreaterThan(1);
        return {};
      })
      .then(({ completion }) => completion ?? { kind: "" });
    expect(kind).toBe("stored");
    const renewals = rpcs().filter((rpc) => rpc === "Renew").length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(rpcs().filter((rpc) => rpc === "Renew").length).toBe(renewals);
  });

  it("numbers checkpoints on from those of the attempts before", async () => {
    const address = anAddress();
    const options = { lapsePolicy: "takeOver" } as const;
    const first = lab.client.run(address, options, async ({ checkpoint }) => {
      expect(await checkpoint("one", "1")).toMatchObject({ kind: "saved" });
      expect(await checkpoint("two", "2")).toMatchObject({ kind: "saved" });
      throw new Retryable("not now");
    });
    expect(await thrownBy(first)).toBeInstanceOf(Retryable);
    await lab.advance(300 * SECOND);
    await lab.client.run(address, options, async ({ attempt, checkpoint }) => {
      expect(attempt.checkpoint).toMatchObject({ name: "two", data: Buffer.from("2"), step: 2n });
      await checkpoint("three");
      return {};
    });
    const steps = lab.relay.asked.filter(({ rpc }) => rpc === "Checkpoint").map(({ items: [item] }) => item);
    expect(steps).toMatchObject([{ step: "1" }, { step: "2" }, { step: "3" }]);
  });
});

describe("an effect that", () => {
  it("throws Retryable has not happened, and may be tried again", async () => {
    const address = anAddress();
    const why = new Retryable("no connection", { retryAfterMs: 1000 });
    expect(await thrownBy(lab.client.run(address, {}, () => Promise.reject(why)))).toBe(why);
    expect(await thrownBy(lab.client.run(address, {}, never))).toMatchObject({ outcome: { kind: "backingOff" } });
    await lab.advance(SECOND);
    expect(await lab.client.run(address, {}, () => ({}))).toMatchObject({ replayed: false });
  });

  it("throws Fatal failed for good, and later callers are told so", async () => {
    const address = anAddress();
    const why = new Fatal("card refused", { result: { body: "402" } });
    expect(await thrownBy(lab.client.run(address, {}, () => Promise.reject(why)))).toBe(why);
    const later = await thrownBy(lab.client.run(address, {}, never));
    expect(later).toBeInstanceOf(RunError);
    expect(later).toMatchObject({
      message: "the effect failed for good before: card refused",
      outcome: { kind: "replay", record: { state: "failed", lastError: "card refused" } },
      effectRan: false,
    });
  });

  it("throws anything else may have happened: nobody runs it again, and nothing is recorded", async () => {
    const address = anAddress();
    const why = new Error("socket hang up");
    expect(await thrownBy(lab.client.run(address, {}, () => Promise.reject(why)))).toBe(why);
    expect(rpcs()).toEqual(["Begin"]);
    await lab.advance(30 * SECOND);
    expect(await thrownBy(lab.client.run(address, {}, never))).toMatchObject({
      outcome: { kind: "unresolved", record: { state: "unknown" } },
    });
  });

  it("has lost its attempt is told to stop, and its result does not count", async () => {
    const address = anAddress();
    const options = { leaseMs: 600, lapsePolicy: "takeOver" } as const;
    const run = lab.client.run(address, options, async ({ signal }) => {
      await lab.advance(SECOND);
      await started(lab.client, address);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      expect(String(signal.reason)).toContain("fenced");
      return { body: "too late" };
    });
    const error = await thrownBy(run);
    expect(error).toMatchObject({ name: "RunError", outcome: { kind: "fenced" }, effectRan: true });
    expect(error instanceof RunError && error.result?.body.toString()).toBe("too late");
  });

  it("is told when its caller gives up, and is completed all the same", async () => {
    const aborting = new AbortController();
    const address = anAddress();
    const run = lab.client.run(address, { signal: aborting.signal }, ({ signal }) => {
      aborting.abort();
      return { body: String(signal.aborted) };
    });
    expect((await run).result.body.toString()).toBe("true");
    expect(await lab.client.begin(address)).toMatchObject({ kind: "replay" });
  });

  it("returns nothing has an empty result", async () => {
    const { result } = await lab.client.run(anAddress(), {}, () => undefined);
    expect(result).toMatchObject({ body: Buffer.alloc(0), contentType: "", metadata: {}, bodySize: 0 });
  });

  it("returns what cannot be stored has run all the same, and its caller learns of it", async () => {
    const error = await thrownBy(lab.client.run(anAddress(), {}, () => ({ body: 7 as unknown as string })));
    expect(error).toMatchObject({ name: "RunError", effectRan: true, outcome: undefined });
    expect(error).toMatchObject({ cause: { violations: [{ field: "result.body" }] } });
  });

  it("returns more than a message holds is recorded without its body", async () => {
    const [address, body] = [anAddress(), Buffer.alloc(5 * 1024 * 1024, 1)];
    const { result, completion } = await lab.client.run(address, {}, () => ({ body, reference: "s3://large" }));
    expect(completion).toMatchObject({ kind: "stored" });
    expect(result.bodySize).toBe(body.length);
    const again = await lab.client.run(address, {}, never);
    expect(again).toMatchObject({ replayed: true, result: { reference: "s3://large", bodySize: 0 } });
  });

  it("runs unguarded is neither renewed nor completed", async () => {
    lab.relay.fate = () => ({ answer: { outcome: "STARTED", attempt: { number: 1, unguarded: true } } });
    const { completion } = await lab.client.run(anAddress(), { lapsePolicy: "takeOver" }, () => ({ body: "x" }));
    expect([completion, rpcs()]).toEqual([undefined, ["Begin"]]);
  });
});

describe("an answer that is lost", () => {
  it("to Complete is asked for again", async () => {
    let lost = 0;
    lab.relay.fate = ({ rpc }) => (rpc === "Complete" && lost++ < 2 ? "lose" : "pass");
    const { completion } = await lab.client.run(anAddress(), {}, () => ({ body: "once" }));
    expect(completion).toMatchObject({ kind: "alreadyStored", resultDiffers: false });
  });

  it("to Begin for good leaves no attempt behind", async () => {
    const address = anAddress();
    let lost = 0;
    lab.relay.fate = () => (lost++ < 1 ? "hold" : "pass");
    const run = lab.client.run(address, { timeoutMs: 200 }, never);
    expect(await thrownBy(run)).toMatchObject({ code: "DEADLINE_EXCEEDED", outcomeUnknown: true });
    await expect.poll(() => rpcs()).toEqual(["Begin", "Begin", "Release"]);
    expect(await lab.client.run(address, {}, () => ({}))).toMatchObject({ replayed: false });
  });

  it("to Begin leaves alone an attempt whose id is the caller's own", async () => {
    const address = anAddress();
    const options = { attemptId: "mine", timeoutMs: 400 };
    let met = 0;
    lab.relay.fate = () => (met++ < 1 ? "lose" : met < 99 ? "hold" : "pass");
    expect(await thrownBy(lab.client.run(address, options, never))).toMatchObject({ outcomeUnknown: true });
    met = 99;
    const again = lab.client.run(address, options, async ({ attempt }) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { body: String(attempt.resumed) };
    });
    expect((await again).completion).toMatchObject({ kind: "stored", late: false });
    expect(rpcs()).not.toContain("Release");
  });
});
