import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TurnoverMap } from "../../src/base/turnover.ts";

describe("a map of what comes and goes", () => {
  it("is a map, whatever is put in, taken out and asked for", () => {
    const key = fc.constantFrom("a", "b", "7", "__proto__", "constructor", "");
    const step = fc.record({ call: fc.constantFrom("set", "delete", "clear"), key, value: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const [ours, real] = [new TurnoverMap<string, number>(), new Map<string, number>()];
        for (const { call, key: at, value } of steps) {
          if (call === "set") for (const map of [ours, real]) map.set(at, value);
          else if (call === "delete") expect(ours.delete(at)).toBe(real.delete(at));
          else for (const map of [ours, real]) map.clear();
          expect([ours.size, ours.get(at), ours.has(at)]).toEqual([real.size, real.get(at), real.has(at)]);
        }
        expect(ours.values().sort()).toEqual([...real.values()].sort());
      }),
    );
  });

  it("lets go of what was taken out, which a Map does not until a full collection", () => {
    const [ours, real] = [promotedBy("new TurnoverMap()"), promotedBy("new Map()")];
    expect(ours).toBeLessThan(0.05);
    expect(real).toBeGreaterThan(0.5);
  });
});

/** It takes a quarter of a second on a calm machine. */
const PROGRAM_MS_MAX = 15_000;

/** Of all that is made for 20 000 entries, 64 at a time, the share that the old generation gets. */
function promotedBy(map: string): number {
  const program = `
    import { TurnoverMap } from ${JSON.stringify(new URL("../../src/base/turnover.ts", import.meta.url).href)};
    import { setImmediate as turn } from "node:timers/promises";
    const map = ${map};
    let next = 0;
    async function work(entries) {
      for (const end = next + entries; next < end; next++) {
        map.set(next, { kept: new Array(500).fill(next) });
        map.delete(next - 64);
        if (next % 64 === 0) await turn();
      }
    }
    await work(1000);
    gc(); // from here on the table is old
    console.log("BEGUN");
    await work(20_000);`;
  const flags = ["--expose-gc", "--trace-gc-nvp", "--max-semi-space-size=1"];
  const said = execFileSync(process.execPath, [...flags, "--input-type=module", "--eval", program], {
    encoding: "utf8",
    timeout: PROGRAM_MS_MAX,
  });
  const collections = [...said.slice(said.indexOf("BEGUN")).matchAll(/"gc":"s".*"allocated":(\d+),"promoted":(\d+)/g)];
  const sum = (group: 1 | 2) => collections.reduce((total, found) => total + Number(found[group]), 0);
  return sum(2) / sum(1);
}
