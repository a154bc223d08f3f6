import { describe, expect, it } from "vitest";
import { type Headers, newMarker, sightOf } from "../../../src/store/redis/look.ts";
import { shardTable } from "../../../src/store/redis/table.ts";

const TABLE = shardTable(["a", "b"]);
const marker = (table = TABLE, shard = "a") =>
  newMarker(table, { shard, runId: "r1", accepted: false, tableWon: true });

/** What is seen of shard `a` when its two headers are so and this is its marker. */
const sight = (headers: Partial<Headers>, text: string) =>
  sightOf({ count: 2, missing: 0, other: undefined, ...headers }, text, TABLE, "a");

describe("what is seen of a shard", () => {
  it("is ours, and which data, when every header carries our stamp and the marker says so", () => {
    const ours = marker();
    expect(sight({}, JSON.stringify(ours))).toEqual({
      ...{ kind: "ours", generation: ours.generation, accepted: false, tableWon: true },
    });
  });

  it("is empty when there is neither header nor marker", () => {
    expect(sight({ missing: 2 }, "")).toEqual({ kind: "empty" });
  });

  it.each([
    ["a header", { missing: 1 }, JSON.stringify(marker()), "1 of 2 slot headers are gone"],
    ["all headers", { missing: 2 }, JSON.stringify(marker()), "2 of 2 slot headers are gone"],
    ["the marker", {}, "", "the marker of its generation is gone"],
    ["what the marker says", {}, "{}", "the marker of its generation is gone"],
    ["a marker in JSON", {}, "x", "the marker of its generation is gone"],
  ])("is partial without %s", (_what, headers, text, what) => {
    expect(sight(headers, text)).toMatchObject({ kind: "partial", what });
  });

  it.each([
    ["a header of another table", { other: shardTable(["x"]).stamp }, JSON.stringify(marker()), "stamped for"],
    ["a header that is none", { other: Buffer.from("?") }, "", "stamped for an unknown table"],
    ["another table's marker", { missing: 2 }, JSON.stringify(marker(shardTable(["x", "y"]))), "the table of x, y"],
    ["another shard's marker", { missing: 2 }, JSON.stringify(marker(TABLE, "b")), "it holds shard b of this table"],
  ])("is foreign with %s", (_what, headers, text, what) => {
    expect(sight(headers, text)).toMatchObject({ kind: "foreign", what: expect.stringContaining(what) });
  });

  it("is another set of data at every stamping", () => {
    expect(marker().generation).not.toBe(marker().generation);
  });
});
