import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SLOT_COUNT, type Slot, slot } from "../../../src/base/units.ts";
import { type ShardTable, shardTable } from "../../../src/store/redis/table.ts";

const SLOTS = Array.from({ length: SLOT_COUNT }, (_, n) => slot(n));
/** Of 4096 slots in five parts; a part of a fair deal is rarely a tenth off. */
const UNFAIRNESS_MAX = 1.15;

const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,31}$/), { minLength: 1, maxLength: 8 });

function holder(table: ShardTable, at: Slot): string {
  return table.names[table.ownerOf(at)] ?? "";
}

describe("the shard table", () => {
  it("gives every slot to exactly one shard", () => {
    const deal = (given: string[]) => {
      const table = shardTable(given);
      const dealt = table.names.flatMap((name) => table.slotsOf(name));
      expect(dealt.sort((a, b) => a - b)).toEqual(SLOTS);
      for (const name of given) expect(table.slotsOf(name).every((at) => holder(table, at) === name)).toBe(true);
    };
    fc.assert(fc.property(names, deal), { numRuns: 20 });
  });

  it("follows from the names alone, in whatever order they are given", () => {
    const shuffled = fc.property(names, fc.infiniteStream(fc.nat()), (given, order) => {
      const other = given.map((name) => ({ name, at: order.next().value ?? 0 })).sort((a, b) => a.at - b.at);
      const [one, two] = [shardTable(given), shardTable(other.map(({ name }) => name))];
      expect(two.names).toEqual(one.names);
      expect(two.stamp).toEqual(one.stamp);
      expect(SLOTS.map(two.ownerOf)).toEqual(SLOTS.map(one.ownerOf));
    });
    fc.assert(shuffled, { numRuns: 20 });
  });

  it("moves slots only to a shard that is added, and about its share of them", () => {
    const before = shardTable(["a", "b", "c", "d"]);
    const after = shardTable(["a", "b", "c", "d", "e"]);
    const moved = SLOTS.filter((at) => holder(before, at) !== holder(after, at));
    expect(moved.every((at) => holder(after, at) === "e")).toBe(true);
    expect(moved.length).toBeLessThan((SLOT_COUNT / 5) * UNFAIRNESS_MAX);
  });

  it("moves slots only from a shard that is removed", () => {
    const before = shardTable(["a", "b", "c", "d", "e"]);
    const after = shardTable(["a", "b", "d", "e"]);
    const moved = SLOTS.filter((at) => holder(before, at) !== holder(after, at));
    expect(moved.map((at) => holder(before, at))).toEqual(moved.map(() => "c"));
  });

  it.each([2, 3, 5, 8])("deals %i shards about equal shares", (count) => {
    const table = shardTable(Array.from({ length: count }, (_, n) => `shard-${n}`));
    const shares = table.names.map((name) => table.slotsOf(name).length);
    expect(Math.max(...shares)).toBeLessThan((SLOT_COUNT / count) * UNFAIRNESS_MAX);
  });

  it("has a stamp of its own for every set of names", () => {
    const sets = [["main"], ["a"], ["a", "b"], ["a", "b", "c"], ["ab"], ["a", "bc"], ["ab", "c"]];
    const stamps = sets.map((set) => shardTable(set).stamp.toString("hex"));
    expect(new Set(stamps).size).toBe(sets.length);
    expect(stamps.every((stamp) => stamp.length === 32)).toBe(true);
  });

  // Data is stamped with these. Should one change, every sidecar of a newer version refuses the data of an older one.
  it("is for ever the same", () => {
    expect(shardTable(["main"]).stamp.toString("hex")).toBe("8177b90a3f86ee1f3571db23eb79d5d1");
    const table = shardTable(["a", "b", "c"]);
    expect(table.stamp.toString("hex")).toBe("eab132965bb4d7fb739cfe3ae2f04b7d");
    expect(
      SLOTS.slice(0, 24)
        .map((at) => holder(table, at))
        .join(""),
    ).toBe("aacbbcbacbcaaccabababcaa");
    expect(table.names.map((name) => table.slotsOf(name).length)).toEqual([1344, 1395, 1357]);
  });
});
