import { describe, expect, it } from "vitest";
import { dashboard } from "../../scripts/deploy/dashboard.ts";
import { RULE_CASES } from "../../scripts/deploy/rule-cases.ts";
import { RULES } from "../../scripts/deploy/rules.ts";

describe("the alerts", () => {
  it.each(RULES.map(({ name }) => name))(
    "%s has a story in which it fires and one in which it keeps silent",
    (name) => {
      const stories = RULE_CASES.filter(({ rule }) => rule === name);
      expect(stories.some(({ fires }) => fires.length > 0)).toBe(true);
      expect(stories.some(({ fires }) => fires.length === 0)).toBe(true);
    },
  );

  it("have names of their own", () => {
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
  });
});

describe("the dashboard", () => {
  interface Board {
    readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
    readonly panels: readonly {
      readonly id: number;
      readonly title: string;
      readonly type: string;
      readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
      readonly datasource?: { readonly uid: string };
      readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
    }[];
  }
  const board: Board = JSON.parse(dashboard());

  it("asks one data source, which is chosen by a variable and nowhere written down", () => {
    expect(board.templating.list.filter(({ type }) => type === "datasource").map(({ name }) => name)).toEqual([
      "datasource",
    ]);
    const asked = board.panels.flatMap(({ datasource, targets = [] }) => [
      ...(datasource === undefined ? [] : [datasource.uid]),
      ...targets.map((target) => target.datasource.uid),
    ]);
    expect(new Set(asked)).toEqual(new Set(["$datasource"]));
  });

  it("uses no variable that it does not have", () => {
    const known = new Set([...board.templating.list.map(({ name }) => name), "__rate_interval"]);
    const used = board.panels.flatMap(({ targets = [] }) =>
      targets.flatMap(({ expr }) => [...expr.matchAll(/\$(\w+)/g)].map(([, name = ""]) => name)),
    );
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });

  it("lays no panel over another, nor over the edge", () => {
    const cells = board.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)}:${y + Math.floor(n / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(board.panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
    expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
  });
});
