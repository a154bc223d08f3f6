import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Beside, labels, startBeside } from "./process.ts";

describe("a stream on the command line", () => {
  let beside: Beside;
  beforeAll(async () => {
    beside = await startBeside();
  });
  afterAll(() => beside.stop());

  it("is seen to wait for a place that never comes, and goes on once an operator skips it", async () => {
    const at = ["--operation", "ship", "--stream", "order-17"];
    expect(await beside.onceward("sequence", "get", "order-17")).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^NOT_FOUND: /),
    });
    const first = await beside.json("begin", "evt-1", ...at, "--sequence", "1");
    const token = first.value.attempt.fencingToken;
    const held = await beside.onceward("sequence", "get", "order-17");
    expect(held).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/^FOUND: /) });
    expect(labels(held.stdout)).toMatchObject({ stream: "order-17", last: "0", held: expect.stringMatching(/^1, /) });
    await beside.onceward("complete", "evt-1", ...at, "--token", token, "--succeeded");

    const gap = await beside.onceward("begin", "evt-3", ...at, "--sequence", "3");
    expect(gap).toMatchObject({ code: 1, stdout: expect.stringMatching(/^GAP: /) });
    expect(labels(gap.stdout)).toMatchObject({ "next place": "2 of epoch 0" });

    const skip = ["sequence", "skip", "order-17", "--to", "2", "--reason", "never sent"];
    expect(await beside.onceward(...skip, "--expected-last", "0")).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^CONFLICT: /),
    });
    const skipped = await beside.onceward(...skip, "--expected-last", "1");
    expect(skipped).toMatchObject({ code: 0, stdout: expect.stringMatching(/^SKIPPED: /) });
    expect(labels(skipped.stdout)).toMatchObject({ last: "2" });
    expect(await beside.json("begin", "evt-3", ...at, "--sequence", "3")).toMatchObject({
      value: { outcome: "STARTED" },
    });
  });

  it("is made known where its state was lost, beyond what a number holds", async () => {
    const to = String(2n ** 64n - 2n);
    const reset = ["sequence", "reset", "order-18", "--to", to, "--reason", "restored from a backup"];
    expect(await beside.json(...reset)).toMatchObject({ code: 0, value: { outcome: "RESET", last: to } });
    expect(await beside.json("sequence", "get", "order-18")).toMatchObject({ value: { found: true, last: to } });
    expect(await beside.onceward(...reset)).toMatchObject({ code: 1 });
  });

  it("takes the highest epoch that there is, and no place so high", async () => {
    const highest = String(2n ** 64n - 1n);
    const reset = ["sequence", "reset", "order-19", "--reason", "r"];
    expect(await beside.json(...reset, "--to", "4", "--epoch", highest)).toMatchObject({ code: 0 });
    expect(await beside.json("sequence", "get", "order-19")).toMatchObject({ value: { epoch: highest } });
    expect(await beside.onceward(...reset, "--to", highest)).toMatchObject({ code: 2 });
  });

  it("is not asked for by a number that is no place", async () => {
    const wrong = await beside.onceward("sequence", "reset", "s", "--to", "-1", "--reason", "r");
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(await beside.onceward("sequence", "skip", "s", "--to", String(2n ** 64n), "--reason", "r")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("whole number from 0 to 18446744073709551614"),
    });
  });
});
