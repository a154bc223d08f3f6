import { describe, expect, it } from "vitest";
import { ERRORS } from "../../src/base/errors.ts";
import { sources } from "../support/tree.ts";

const CODES = Object.keys(ERRORS).sort();

describe("docs/errors.md", () => {
  const [page] = sources("docs/errors.md");
  const rows = (page?.lines ?? []).filter((line) => line.startsWith("| `"));
  const told = rows.map((row) => row.split("|").map((cell) => cell.trim().replaceAll("`", "")));

  it("lists every code of the program, and no other", () => {
    expect(told.map(([, code]) => code).sort()).toEqual(CODES);
  });

  it("tells the gRPC status, what happened and what to do for each", () => {
    const expected = Object.entries(ERRORS).map(([code, { status, meaning, remedy }]) => {
      return [code, status, meaning, remedy].map((text) => text.replaceAll("`", ""));
    });
    expect(told.map(([, ...cells]) => cells.slice(0, 4))).toEqual(expected);
  });
});

describe("the list of error codes", () => {
  it("has none that no part of the program uses", () => {
    const program = sources("src/**/*.ts").filter(({ path }) => path !== "src/base/errors.ts");
    const used = (code: string) => program.some(({ text }) => text.includes(`"${code}"`));
    // Bad input is refused through `invalid` of src/base/errors.ts.
    expect(CODES.filter((code) => code !== "INVALID_ARGUMENT" && !used(code))).toEqual([]);
  });
});
