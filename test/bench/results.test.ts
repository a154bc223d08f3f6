import { describe, expect, it } from "vitest";
import { budgetTable, type Checked } from "../../bench/budgets.ts";
import type { Machine } from "../../bench/machine.ts";
import { resultsOf } from "../../bench/results.ts";
import { spread } from "../../bench/statistics.ts";

const MACHINE: Machine = {
  cpu: "a processor",
  cores: 2,
  memoryGib: 4,
  system: "Linux 6",
  load: 0.5,
  node: "v26.0.0",
  disk: { filesystem: "ext4", syncP50: 0.3, syncP95: 0.9 },
  commit: "abc1234",
  date: "2026-11-22T00:00:00.000Z",
};

function results(budgets: readonly Checked[]) {
  return resultsOf({ suite: "side-by-side", machine: MACHINE, budgets, variants: [{ name: "echo" }], run: {} });
}

describe("the results as JSON", () => {
  it("say what was measured, on what, and by how much copies of one thing differ", () => {
    const { machine, ...rest } = results([]);
    expect(rest).toEqual({
      suite: "side-by-side",
      date: "2026-11-22T00:00:00.000Z",
      commit: "abc1234",
      node: "v26.0.0",
      noise: null,
      budgets: {},
      variants: [{ name: "echo" }],
      run: {},
    });
    expect(Object.keys(machine).sort()).toEqual(["cores", "cpu", "disk", "load", "memoryGib", "system"]);
  });

  it("hold a budget against its floor and its goal", () => {
    const { budgets } = results([{ id: "P1", measured: spread([0.6, 0.7, 0.9]) }]);
    expect(budgets.P1).toMatchObject({ value: 0.7, floor: 0.7, goal: 0.8, held: true, better: "more" });
    expect(budgets.P1?.iqr).toEqual([0.6 + 0.05, 0.7 + 0.1].map((value) => expect.closeTo(value)));
  });

  it.each([
    ["P1", 0.69, false],
    ["P1", 0.95, true],
    ["P7", 0.51, false],
    ["P7", 0.1, true],
  ] as const)("say whether %s holds at %f", (id, value, held) => {
    expect(results([{ id, measured: spread([value]) }]).budgets[id]?.held).toBe(held);
  });

  it("leave out what was not measured", () => {
    const checked: Checked[] = [{ id: "P2", measured: spread([]) }];
    expect(results(checked).budgets).toEqual({});
    expect(budgetTable(checked)).toBe("");
  });

  it("name the mark that a budget reaches", () => {
    const table = budgetTable([
      { id: "P4", measured: spread([1.3]) },
      { id: "P11", measured: spread([350]) },
      { id: "P12", measured: spread([9]) },
    ]);
    expect(table.split("\n").map((line) => line.split("|").at(-2)?.trim())).toEqual([
      "reaches",
      expect.stringMatching(/^-+:$/),
      "goal",
      "floor",
      "missed",
    ]);
  });
});
