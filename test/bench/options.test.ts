import { describe, expect, it } from "vitest";
import { readOptions, USAGE, UsageError } from "../../bench/options.ts";
import { chosen, QUICK_NAMES, VARIANT_NAMES } from "../../bench/side-by-side/variants.ts";

describe("the options of the bench", () => {
  it("are every variant side by side when nothing is said", () => {
    expect(readOptions([])).toMatchObject({ suite: "side-by-side", only: undefined, pin: true, rate: undefined });
    expect(chosen(undefined).map(({ name }) => name)).toEqual(VARIANT_NAMES);
  });

  it("keep a quick run to the variants that the usage text names", () => {
    expect(readOptions(["--quick"])?.only).toEqual(QUICK_NAMES);
    for (const name of [...QUICK_NAMES, ...VARIANT_NAMES]) expect(USAGE).toContain(name);
  });

  it("let a quick run be asked for other variants, and add the echo to them", () => {
    const only = readOptions(["--quick", "--only", "redis-batch, script"])?.only;
    expect(chosen(only).map(({ name }) => name)).toEqual(["echo", "script", "redis-batch"]);
  });

  it("take the numbers of records for scale", () => {
    expect(readOptions(["scale", "--records", "10,2000"])?.size.scaleRecords).toEqual([10, 2000]);
  });

  it("leave processes unpinned and offer a rate when told to", () => {
    expect(readOptions(["--no-pin", "--rate", "500"])).toMatchObject({ pin: false, rate: 500 });
  });

  it("take as many rounds as they are told to, and all the time that they need", () => {
    const options = readOptions(["--rounds", "300", "--burst", "250", "--lives", "6", "--warm-up", "40000"]);
    const given = { rounds: 300, burstMs: 250, lives: 6, warmUpMs: 40_000, secondsMax: Number.POSITIVE_INFINITY };
    expect(options?.size).toMatchObject(given);
    expect(readOptions([])?.size.lives).toBe(1);
  });

  it("are none when only help is asked for", () => {
    expect(readOptions(["--help"])).toBeUndefined();
  });

  it.each([
    [["nothing"], "there is no suite nothing"],
    [["scale", "process"], "there is no suite scale process"],
    [["--only", "echo,nobody"], "there is no variant nobody"],
    [["--records", "5,5"], "--records must rise"],
    [["--records", "5,x"], "--records must be a whole number from 1 on"],
    [["--rate", "0"], "--rate must be a whole number from 1 on"],
    [["--fast"], "'--fast'"],
  ])("refuse %j", (args, problem) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(problem);
  });

  it("are told in lines that fit a screen", () => {
    expect(USAGE.split("\n").filter((line) => line.length > 120)).toEqual([]);
  });
});

describe("the variants", () => {
  it("have a name of their own each", () => {
    expect(new Set(VARIANT_NAMES).size).toBe(VARIANT_NAMES.length);
  });
});
