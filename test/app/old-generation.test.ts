import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

/** Longest that one of the two programs may take: some seconds on a busy machine. */
const PROGRAM_MS_MAX = 60_000;
const MODULE = new URL("../../src/app/old-generation.ts", import.meta.url).href;

const SURVIVED = /"gc":"mc".*"end_object_size":(\d+)/;
const LIMIT = /"gc":"s".*"old_gen_allocation_limit":(\d+)/;

/**
 * By how much the old generation of a program may grow until it is collected again, as a part of what has survived. V8
 * lets the heap of this one grow slowly, as it does by itself in a sidecar after some time.
 */
function growthAfter(first: string): number {
  const program = `
    import { collectOldSeldom } from ${JSON.stringify(MODULE)};
    const make = () => Array.from({ length: 20 }, Math.random);
    const kept = Array.from({ length: 150_000 }, make);
    ${first};
    gc();
    console.log("collected");
    for (let n = 0; n < 100_000; n++) make();
    process.exit(kept.length > 0 ? 0 : 1);`;
  const flags = ["--optimize-for-size", "--expose-gc", "--trace-gc-nvp"];
  const args = [...flags, "--input-type=module", "--eval", program];
  const said = execFileSync(process.execPath, args, { encoding: "utf8", timeout: PROGRAM_MS_MAX });
  const [before = "", after = ""] = said.split("collected\n");
  const survived = Number(SURVIVED.exec(before.slice(before.lastIndexOf("GC: ")))?.[1]);
  return Number(LIMIT.exec(after)?.[1]) / survived - 1;
}

it("may become twice as large as what has survived, on Redis, and V8 would collect it long before", () => {
  expect(growthAfter("")).toBeLessThan(0.5);
  expect(growthAfter('collectOldSeldom("redis")')).toBeGreaterThan(0.9);
});

it("may grow by half beside an embedded store, whose memory comes on top", () => {
  const growth = growthAfter('collectOldSeldom("embedded")');
  expect(growth).toBeGreaterThan(0.5);
  expect(growth).toBeLessThan(0.75);
});
