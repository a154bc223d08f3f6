import { describe, expect, it } from "vitest";
import { describeSettings, settingsTable } from "../../src/config/describe.ts";
import { loadSettings, variableOf } from "../../src/config/load.ts";
import { POLICIES, SETTINGS } from "../../src/config/settings.ts";

/** The cells of each row of a table in Markdown, its head left out. */
function rowsOf(table: string): string[][] {
  const rows = table.split("\n").slice(2);
  return rows.map((row) => row.split("|").map((cell) => cell.trim().replaceAll("`", "")));
}

describe("docs/configuration.md", () => {
  it("has one row for every setting, with its variable, its default and its meaning", () => {
    const told = rowsOf(settingsTable()).map(([, variable, fallback, , meaning]) => [variable, fallback, meaning]);
    const expected = Object.entries(SETTINGS).map(([name, { default: fallback, meaning }]) => [
      variableOf(name),
      fallback === "" ? "–" : fallback,
      meaning.replaceAll("`", ""),
    ]);
    expect(told).toEqual(expected);
    expect(describeSettings()).toContain(settingsTable());
  });

  it("marks those that a namespace may set for itself", () => {
    const own = rowsOf(settingsTable()).filter(([, , , mark]) => mark === "yes");
    expect(own.map(([, variable]) => variable)).toEqual(Object.keys(POLICIES).map(variableOf));
  });

  it("tells defaults that are valid when they are written out", () => {
    const written = Object.entries(SETTINGS).map(([name, { default: fallback }]) => [variableOf(name), fallback]);
    expect(loadSettings(Object.fromEntries(written)).settings).toEqual(loadSettings({}).settings);
  });
});
