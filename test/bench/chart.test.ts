import { describe, expect, it } from "vitest";
import { chart } from "../../bench/chart.ts";

const TAG = /<(\/?)([a-z]+)((?:\s+[a-zA-Z-]+="[^"<>]*")*)\s*(\/?)>/y;
const TEXT = /(?:[^<>&]|&#\d+;)+/y;

/** The elements of a text that is well-formed XML, without comments and the like; throws where it is not. */
function elementsOf(xml: string): { readonly name: string; readonly attributes: string }[] {
  const open: string[] = [];
  const found: { name: string; attributes: string }[] = [];
  for (let at = 0; at < xml.length; ) {
    const pattern = xml[at] === "<" ? TAG : TEXT;
    pattern.lastIndex = at;
    const match = pattern.exec(xml);
    if (match === null) throw new Error(`not well-formed at ${JSON.stringify(xml.slice(at, at + 60))}`);
    at = pattern.lastIndex;
    if (pattern === TEXT) continue;
    const [, closes, name = "", attributes = "", empty] = match;
    if (closes === "/") {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    found.push({ name, attributes });
    if (empty === "") open.push(name);
  }
  if (open.length > 0) throw new Error(`${open} was not closed`);
  return found;
}

describe("a chart", () => {
  const drawn = chart("a <heading> & more", [
    {
      title: "CPU of one call",
      unit: "µs",
      parts: ["caller", "sidecar"],
      bars: [
        { label: "redis", values: [10, 30] },
        { label: "script", values: [8, Number.NaN] },
      ],
    },
    {
      title: "a ratio",
      unit: "echo = 1",
      parts: ["calls"],
      bars: [{ label: "redis", values: [0.5], iqr: [0.4, 0.7] }],
      marks: [{ label: "floor", value: 0.7 }],
    },
  ]);
  const elements = elementsOf(drawn);
  const widths = elements
    .filter(({ name, attributes }) => name === "rect" && attributes.includes('height="16"'))
    .map(({ attributes }) => Number(/\bwidth="([\d.]+)"/.exec(attributes)?.[1]));

  it("is well-formed, whatever its words hold", () => {
    expect(elements[0]?.name).toBe("svg");
    expect(drawn).toContain("a &#60;heading&#62; &#38; more");
  });

  it("draws bars in proportion, and nothing for what was not measured", () => {
    expect(widths).toHaveLength(4);
    const [caller = 0, sidecar = 0, script = 0] = widths;
    expect(sidecar / caller).toBeCloseTo(3, 1);
    expect(script / caller).toBeCloseTo(0.8, 1);
  });

  it("holds every number that it draws", () => {
    expect(drawn).not.toMatch(/NaN|Infinity|undefined/);
    for (const words of ["redis", "script", "floor", ">40<", ">8<", ">0.5<"]) expect(drawn).toContain(words);
  });

  it("is well-formed with nothing to draw", () => {
    expect(elementsOf(chart("nothing", [])).map(({ name }) => name)).toEqual(["svg", "text"]);
    const empty = { title: "t", unit: "u", parts: ["p"], bars: [{ label: "l", values: [Number.NaN] }] };
    expect(chart("nothing", [empty])).not.toMatch(/NaN|Infinity/);
  });
});
