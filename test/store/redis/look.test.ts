import { describe, expect, it } from "vitest";
import { newMarker, sightOf } from "../../../src/store/redis/look.ts";
import { shardTable } from "../../../src/store/redis/table.ts";

const TABLE = shardTable(["a", "b"]);
const marker = (table = TABLE, shard = "a") =>
  newMarker(table, { shard, runId: "r1", accepted: false, tableWon: true });
const header = (table = TABLE) => Buffer.concat([table.stamp, Buffer.alloc(8)]);

/** What is seen of shard `a` when it has these headers and this marker. */
const sight = (headers: readonly (Buffer | null)[], text: string) => sightOf(headers, text, TABLE, "a");

describe("what is seen of a shard", () => {
  it("is ours, and which data, when every header carries our stamp and the marker says so", () => {
    const ours = marker();
    expect(sight([header(), header()], JSON.stringify(ours))).toEqual({
      ...{ kind: "ours", generation: ours.generation, accepted: false, tableWon: true },
    });
  });

  it("is empty when there is neither header nor marker", () => {
    expect(sight([null, null], "")).toEqual({ kind: "empty" });
  });

  it.each([
    ["a header", [header(), null], JSON.stringify(marker()), "1 of 2 slot headers are gone"],
    ["all headers", [null, null], JSON.stringify(marker()), "2 of 2 slot headers are gone"],
    ["the marker", [header(), header()], "", "the marker of its generation is gone"],
    ["what the marker says", [header(), header()], "{}", "the marker of its generation is gone"],
    ["a marker in JSON", [header(), header()], "x", "the marker of its generation is gone"],
  ])("is partial without %s", (_what, headers, text, what) => {
    expect(sight(headers, text)).toMatchObject({ kind: "partial", what });
  });

  it.each([
    ["a header of another table", [header(), header(shardTable(["x"]))], JSON.stringify(marker()), "stamped for"],
    ["a header that is none", [Buffer.from("?"), header()], "", "stamped for an unknown table"],
    ["another table's marker", [null, null], JSON.stringify(marker(shardTable(["x", "y"]))), "the table of x, y"],
    ["another shard's marker", [null, null], JSON.stringify(marker(TABLE, "b")), "it holds shard b of this table"],
  ])("is foreign with %s", (_what, headers, text, what) => {
    expect(sight(headers, text)).toMatchObject({ kind: "foreign", what: expect.stringContaining(what) });
  });

  it("is another set of data at every stamping", () => {
    expect(marker().generation).not.toBe(marker().generation);
  });
});
