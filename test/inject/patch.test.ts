import { describe, expect, it } from "vitest";
import { add, addToList, addToMap } from "../../src/inject/patch.ts";

describe("an addition", () => {
  it("has a path in which names mean themselves, whatever is in them", () => {
    expect(add(["metadata", "annotations", "a/b~c~1"], "x").path).toBe("/metadata/annotations/a~1b~0c~01");
  });
});

describe("additions to a map", () => {
  const entries = { a: "1", b: "2" };

  it("are the map where there is none, and one each where there is one", () => {
    expect(addToMap(["m"], undefined, entries)).toEqual([{ op: "add", path: "/m", value: entries }]);
    expect(addToMap(["m"], null, entries)).toEqual([{ op: "add", path: "/m", value: entries }]);
    expect(addToMap(["m"], {}, entries).map(({ path }) => path)).toEqual(["/m/a", "/m/b"]);
  });

  it("are none for what is there as it should be, and replace what is not", () => {
    expect(addToMap(["m"], { a: "1", b: "0", c: "3" }, entries)).toEqual([{ op: "add", path: "/m/b", value: "2" }]);
    expect(addToMap(["m"], { a: "1", b: "2" }, entries)).toEqual([]);
  });
});

describe("additions to a list", () => {
  const entries = [{ name: "a" }, { name: "b" }];

  it("are the list where there is none", () => {
    expect(addToList(["l"], null, entries, "end")).toEqual([{ op: "add", path: "/l", value: entries }]);
  });

  it("keep their order at the head and at the end", () => {
    expect(addToList(["l"], [{ name: "x" }], entries, "head").map(({ path }) => path)).toEqual(["/l/0", "/l/1"]);
    expect(addToList(["l"], [], entries, "end").map(({ path }) => path)).toEqual(["/l/-", "/l/-"]);
  });

  it("leave out a name that is there", () => {
    expect(addToList(["l"], [{ name: "a" }], entries, "head")).toEqual([
      { op: "add", path: "/l/0", value: { name: "b" } },
    ]);
    expect(addToList(["l"], entries, entries, "end")).toEqual([]);
  });
});
