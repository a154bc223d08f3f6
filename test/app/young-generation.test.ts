import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

const MODULE = new URL("../../src/app/young-generation.ts", import.meta.url).href;

/** 8 MiB twice. */
const GROWN = 16 * 1024 * 1024;

/** What the young generation takes after each part of a program of its own that leaves much behind, bytes. */
function sizesAfter(...parts: readonly string[]): number[] {
  const program = `
    import { getHeapSpaceStatistics } from "node:v8";
    import { setTimeout as pause } from "node:timers/promises";
    import { holdYoungGeneration, letYoungGenerationGrow } from ${JSON.stringify(MODULE)};
    const size = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space").space_size;
    async function work() {
      const kept = [];
      for (let turn = 0; turn < 40; turn++) {
        for (let n = 0; n < 20_000; n++) kept[n % 20_000] = { n, list: [n, turn] };
        await pause(10);
      }
    }
    const sizes = [];
    ${parts.map((part) => `${part}; await work(); sizes.push(size());`).join("\n")}
    console.log(JSON.stringify(sizes));
    process.exit();`;
  const args = ["--expose-gc", "--input-type=module", "--eval", program];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

describe("V8's young generation", () => {
  it("stays as it is while it is held, grows under load, and then no more", () => {
    const [held, grown, later] = sizesAfter("holdYoungGeneration()", "letYoungGenerationGrow()", "");
    expect(held).toBeLessThan(GROWN / 2);
    for (const size of [grown, later]) {
      expect(size).toBeGreaterThan(GROWN - 1e6);
      expect(size).toBeLessThan(GROWN + 1e6);
    }
  });

  it("grows again, and no further, after V8 has taken it back", () => {
    const takenBack = `gc({ type: "major", flavor: "last-resort" });
      sizes.push(size())`;
    const [, taken, again, takenAgain, oncemore] = sizesAfter("letYoungGenerationGrow()", takenBack, takenBack);
    for (const size of [taken, takenAgain]) expect(size).toBeLessThan(GROWN / 4);
    for (const size of [again, oncemore]) {
      expect(size).toBeGreaterThan(GROWN - 1e6);
      expect(size).toBeLessThan(GROWN + 1e6);
    }
  });

  it("would grow beyond that by itself", () => {
    const [natural] = sizesAfter("");
    expect(natural).toBeGreaterThan(20e6);
  });
});
