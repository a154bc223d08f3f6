import { describe, expect, it } from "vitest";
import { readScripts, type ScriptName } from "../../../src/store/redlock/scripts.ts";
import { leaseLab } from "../../support/lease-lab.ts";
import { sources } from "../../support/tree.ts";

const scripts = readScripts();
const names = Object.keys(scripts) as ScriptName[]; // the keys of a record of them
const pieces = sources("src/store/redlock/lua/lib/*.lua");
const whole = sources("src/store/redlock/lua/*.lua");
const HEADER = /^--\[\[\n([\s\S]*?)\n\]\]/;

describe("the Lua scripts of a lease node", () => {
  const lab = leaseLab();

  it("are all composed, with nothing left to include", () => {
    expect(names.length).toBe(whole.length);
    for (const name of names) expect(scripts[name].text, name).not.toContain("@include");
  });

  it("use every piece there is", () => {
    const used = whole.flatMap(({ text }) => [...text.matchAll(/@include lib\/(\S+)/g)].map((match) => match[1]));
    expect(pieces.map(({ path }) => path.replace(/^.*\//, "")).filter((name) => !used.includes(name))).toEqual([]);
  });

  it.each(whole.map(({ path, text }) => [path.replace(/^.*\/|\.lua$/g, ""), text] as const))(
    "says at the head of %s what it takes, returns and writes",
    (name, text) => {
      const said = HEADER.exec(text)?.[1] ?? "";
      expect(said.startsWith(`${name}: `)).toBe(true);
      expect(said).toMatch(/^Returns {2}/m);
      expect(said).toMatch(/^Writes {3}/m);
      const body = scripts[name as ScriptName].text; // the test above: each file is a script
      for (const list of ["KEYS", "ARGV"]) {
        const listed = [...said.matchAll(new RegExp(`^${list}\\[(\\d+)\\]`, "gm"))].map((match) => Number(match[1]));
        const used = [...body.matchAll(new RegExp(`\\b${list}\\[(\\d+)\\]`, "g"))].map((match) => Number(match[1]));
        expect(listed, list).toEqual(listed.map((_, n) => n + 1));
        expect(listed, list).toEqual([...new Set(used)].sort((a, b) => a - b));
      }
    },
  );

  it("are named by Redis as they are here", async () => {
    const [node] = await lab.nodes(1);
    for (const name of names)
      expect(await lab.client(node!).script("LOAD", scripts[name].text)).toBe(scripts[name].sha);
  });

  it("never turn a number into text in Lua's own way, which keeps 14 digits", () => {
    for (const { path, text } of [...pieces, ...whole]) expect(text, path).not.toMatch(/\btostring\b/);
  });
});
