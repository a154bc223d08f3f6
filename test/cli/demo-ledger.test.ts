import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countEffects, lineOf, readLine } from "../../src/cli/demo/ledger.ts";
import { openTarget, type Target } from "../../src/cli/demo/target.ts";
import { connectTarget, type TargetClient } from "../../src/cli/demo/target-client.ts";

const SENT = ["aa-1", "bb-2", "cc-3"].map((id) => ({ id, digest: "0123456789abcdef" }));

function line(event: string, more: { digest?: string; token?: string } = {}): string {
  return lineOf({
    event,
    name: "issues.opened",
    about: "o/r",
    digest: "0123456789abcdef",
    token: "-",
    pid: 1,
    ...more,
  });
}

describe("counting a file of effects", () => {
  it("finds every event once in a file that is right", () => {
    expect(countEffects(line("bb-2") + line("aa-1") + line("cc-3"), SENT)).toEqual({
      effects: 3,
      once: 3,
      moreThanOnce: 0,
      never: 0,
      changedPayload: 0,
      strange: 0,
      receipts: new Map([
        ["bb-2", 1],
        ["aa-1", 2],
        ["cc-3", 3],
      ]),
    });
  });

  it("finds an event that ran twice, and counts it once however often it ran", () => {
    const count = countEffects(line("aa-1") + line("bb-2") + line("aa-1") + line("aa-1") + line("cc-3"), SENT);
    expect(count).toMatchObject({ effects: 5, once: 2, moreThanOnce: 1, never: 0 });
    expect(count.receipts.get("aa-1")).toBe(1);
  });

  it("finds an event that never ran", () => {
    expect(countEffects(line("aa-1"), SENT)).toMatchObject({ once: 1, moreThanOnce: 0, never: 2 });
    expect(countEffects("", SENT)).toMatchObject({ effects: 0, never: 3, strange: 0 });
  });

  it("finds an effect with another payload, even where it is the only one", () => {
    const text = line("aa-1", { digest: "beef" }) + line("bb-2") + line("cc-3");
    expect(countEffects(text, SENT)).toMatchObject({ once: 3, changedPayload: 1 });
  });

  it("finds lines of no event, broken lines, and a last line that was cut off", () => {
    const text = `${line("dd-4")}aa-1 and so on\n\n${line("bb-2")}${line("cc-3").slice(0, -1)}`;
    expect(countEffects(text, SENT)).toMatchObject({ once: 1, never: 2, strange: 4 });
  });

  it("reads what was written", () => {
    const effect = { event: "a-1", name: "ping", about: "-", digest: "0af", token: "17", pid: 42 };
    expect(readLine(lineOf(effect).trimEnd())).toEqual(effect);
  });
});

describe("the target of the effects", () => {
  let folder: string;
  let target: Target;
  let client: TargetClient;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "onceward-target-"));
    target = await openTarget({ file: join(folder, "effects.log"), socket: join(folder, "s") });
    client = connectTarget(join(folder, "s"));
  });
  afterEach(async () => {
    client.close();
    await target.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const append = (event: string, token?: string) =>
    client.ask({ op: "append", event, line: line(event), ...(token !== undefined && { token }) });
  const written = () => countEffects(readFileSync(join(folder, "effects.log"), "utf8"), SENT);

  it("does not deduplicate: what is sent twice is written twice, with a token and without", async () => {
    expect(await append("aa-1")).toEqual({ kind: "done", receipt: 1 });
    expect(await append("aa-1")).toEqual({ kind: "done", receipt: 2 });
    expect(await append("bb-2", "5")).toEqual({ kind: "done", receipt: 3 });
    expect(await append("bb-2", "5")).toEqual({ kind: "done", receipt: 4 });
    expect(await append("bb-2", "6")).toEqual({ kind: "done", receipt: 5 });
    expect(written()).toMatchObject({ effects: 5, moreThanOnce: 2 });
  });

  it("refuses a token below the highest it has seen for the event, and writes nothing", async () => {
    await append("aa-1", "9007199254740993");
    expect(await append("aa-1", "9007199254740992")).toEqual({ kind: "refused", token: "9007199254740993" });
    expect(await append("bb-2", "1")).toEqual({ kind: "done", receipt: 2 });
    expect(written()).toMatchObject({ effects: 2 });
  });

  it("shuts out older tokens when it is asked whether an event is there", async () => {
    expect(await client.ask({ op: "look", event: "aa-1", token: "5" })).toEqual({ kind: "absent" });
    expect(await append("aa-1", "4")).toEqual({ kind: "refused", token: "5" });
    await append("aa-1", "5");
    expect(await client.ask({ op: "look", event: "aa-1", token: "6" })).toEqual({ kind: "there", receipt: 1 });
    expect(await client.ask({ op: "look", event: "aa-1", token: "5" })).toEqual({ kind: "refused", token: "6" });
  });

  it("leaves whoever waits in no doubt when it goes away", async () => {
    await append("aa-1");
    await target.close();
    await expect(append("bb-2")).rejects.toThrow("closed");
  });
});
