import { describe, expect, it } from "vitest";
import { ENDED_CHANNEL } from "../../../src/store/redis/keys.ts";
import { readScripts, type ScriptName } from "../../../src/store/redis/scripts.ts";
import { redisLab } from "../../support/redis-lab.ts";
import { sources } from "../../support/tree.ts";

const scripts = readScripts();

const names = Object.keys(scripts) as ScriptName[]; // the keys of a record of them
const pieces = sources("src/store/redis/lua/lib/*.lua");
const whole = sources("src/store/redis/lua/*.lua", "src/store/redis/lua/upkeep/*.lua");

describe("the Lua scripts", () => {
  const lab = redisLab();

  it("are all composed, with nothing left to include", () => {
    expect(names.length).toBe(whole.length);
    for (const name of names) expect(scripts[name].text, name).not.toContain("@include");
  });

  it("use every piece there is", () => {
    const used = whole.flatMap(({ text }) => [...text.matchAll(/@include lib\/(\S+)/g)].map((match) => match[1]));
    expect(pieces.map(({ path }) => path.replace(/^.*\//, "")).filter((name) => !used.includes(name))).toEqual([]);
  });

  it("are named by Redis as they are here", async () => {
    const client = lab.client(await lab.server());
    for (const name of names) expect(await client.script("LOAD", scripts[name].text)).toBe(scripts[name].sha);
  });

  it("wake waiters on the channel that the subscriber listens to", () => {
    const wake = pieces.find(({ path }) => path.endsWith("/wake.lua"));
    expect(wake?.text).toContain(`'${ENDED_CHANNEL}'`);
  });

  it("ask for the time once, and nowhere but in the piece that can be replaced", () => {
    for (const { path, text } of [...pieces, ...whole]) {
      expect(text.match(/'TIME'/g)?.length ?? 0, path).toBe(path.endsWith("lib/clock.lua") ? 1 : 0);
    }
    for (const name of names) expect(scripts[name].text.match(/'TIME'/g)?.length ?? 0, name).toBeLessThanOrEqual(1);
  });

  it("take another clock where a test gives one", () => {
    const frozen = readScripts("local now_us, sweep_after = 1000000, 0\n");
    expect(frozen.time.text).toContain("now_us, sweep_after = 1000000, 0");
    for (const name of names) expect(frozen[name].text, name).not.toContain("'TIME'");
  });

  it("never turn a number into text in Lua's own way, which keeps 14 digits", () => {
    for (const { path, text } of [...pieces, ...whole]) expect(text, path).not.toMatch(/\btostring\b/);
  });
});
