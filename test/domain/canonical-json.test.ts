import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CanonicalJsonError, canonicalJson } from "../../src/domain/canonical-json.ts";

/** How many JSON texts a property tries: ONCEWARD_RUNS. */
const RUNS = Number(process.env.ONCEWARD_RUNS ?? 200);
/** The seed that a failure prints; ONCEWARD_SEED tries the same texts again. */
const SEED = Number(process.env.ONCEWARD_SEED ?? Math.trunc(Math.random() * 2 ** 31));

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Any JSON value that has a canonical form: no lone surrogates, no integers that doubles round. */
const anyJson = fc.letrec<{ value: Json; leaf: Json; list: Json[]; object: { [name: string]: Json } }>((tie) => ({
  value: fc.oneof({ depthSize: "small" }, tie("leaf"), tie("list"), tie("object")),
  leaf: fc.oneof(
    fc.constantFrom<Json>(
      null,
      true,
      false,
      0,
      -0,
      1e-7,
      5e-324,
      Number.MAX_SAFE_INTEGER,
      "",
      "\u2028",
      "\ud83d\ude00",
    ),
    fc.string({ unit: "binary" }),
    fc.double({ noDefaultInfinity: true, noNaN: true }).filter((n) => !Number.isInteger(n) || Number.isSafeInteger(n)),
  ),
  list: fc.array(tie("value")),
  object: fc.dictionary(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("a", "__proto__")), tie("value")),
})).value;

/** Takes one of the first `n` numbers, each as likely. */
type Choose = (n: number) => number;

/** The same value written in another way: members in any order, white space anywhere, any character escaped. */
function writeDifferently(value: Json, choose: Choose): string {
  const space = () => ["", " ", "\n", "\t", " \r\n"][choose(5)] ?? "";
  const between = (parts: readonly string[]) => `${space()}${parts.join(`${space()},${space()}`)}${space()}`;
  if (typeof value === "string") return writeText(value, choose);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : writeNumber(value, choose);
  if (Array.isArray(value)) return `[${between(value.map((one) => writeDifferently(one, choose)))}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const members = Object.entries(value).map(([name, one]) => ({ name, one, rank: choose(2 ** 30) }));
  members.sort((a, b) => a.rank - b.rank);
  const written = members.map(({ name, one }) => {
    return `${writeText(name, choose)}${space()}:${space()}${writeDifferently(one as Json, choose)}`;
  });
  return `{${between(written)}}`;
}

function writeText(text: string, choose: Choose): string {
  const units = text.split("").map((unit) => {
    const code = unit.charCodeAt(0);
    if (choose(2) === 0) return `\\u${code.toString(16).padStart(4, "0")}`;
    return code >= 0xd800 && code < 0xe000 ? unit : JSON.stringify(unit).slice(1, -1);
  });
  // Half of a pair written as itself and half as an escape is a lone surrogate in the text: keep pairs together.
  const whole = /[\ud800-\udfff]/.test(text) ? JSON.stringify(text).slice(1, -1) : units.join("");
  return `"${whole}"`;
}

function writeNumber(value: number, choose: Choose): string {
  const shortest = JSON.stringify(value);
  return [shortest, value.toExponential(), shortest.replace("e", "E")][choose(3)] ?? shortest;
}

describe("canonical JSON", () => {
  it(`does not depend on order, white space and escapes, seed ${SEED}`, () => {
    const property = fc.property(anyJson, fc.infiniteStream(fc.nat()), (value, numbers) => {
      const choose: Choose = (n) => numbers.next().value % n;
      expect(canonicalJson(writeDifferently(value, choose))).toBe(canonicalJson(JSON.stringify(value)));
    });
    fc.assert(property, { numRuns: RUNS, seed: SEED });
  });

  it(`keeps every value apart from every other, seed ${SEED}`, () => {
    const property = fc.property(anyJson, (value) => {
      const text = JSON.stringify(value);
      expect(JSON.parse(canonicalJson(text))).toEqual(JSON.parse(text));
    });
    fc.assert(property, { numRuns: RUNS, seed: SEED });
  });

  it("writes the example of RFC 8785, section 3.2.2, as section 3.2.3 does", () => {
    // But for its 1E30, which is an integer beyond 2^53.
    const text = String.raw`{
      "numbers": [333333333.33333329, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    const written = String.raw`"€$\u000f\nA'B\"\\\\\"/"`;
    expect(canonicalJson(text)).toBe(
      `{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27],"string":${written}}`,
    );
  });

  it("orders members by UTF-16 code units, as in RFC 8785, section 3.2.3", () => {
    const text = String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
    }`;
    const order = Object.entries<string>(JSON.parse(canonicalJson(text))).map(([, meaning]) => meaning);
    // Parsed objects list integer names first; the rest is in the order of the text.
    expect(canonicalJson(text).indexOf('"\\r"')).toBe(1);
    expect(order.filter((meaning) => meaning !== "One")).toEqual([
      "Carriage Return",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh",
    ]);
  });

  it.each([
    ["0000000000000001", "5e-324"],
    ["8000000000000001", "-5e-324"],
    ["433fffffffffffff", "9007199254740991"],
    ["c33fffffffffffff", "-9007199254740991"],
    ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
    ["3eb0c6f7a0b5ed8d", "0.000001"],
    ["41b3de4355555553", "333333333.3333332"],
    ["41b3de4355555554", "333333333.33333325"],
    ["41b3de4355555555", "333333333.3333333"],
    ["41b3de4355555556", "333333333.3333334"],
    ["41b3de4355555557", "333333333.33333343"],
    ["becbf647612f3696", "-0.0000033333333333333333"],
    ["43143ff3c1cb0959", "1424953923781206.2"],
  ])("writes the double %s as %s, as RFC 8785, appendix B, does", (bits, expected) => {
    expect(canonicalJson(Buffer.from(bits, "hex").readDoubleBE().toPrecision(21))).toBe(expected);
  });

  it.each([["0"], ["-0"], ["0.0"], ["-0e5"]])("writes %s as 0", (text) => {
    expect(canonicalJson(text)).toBe("0");
  });

  it("keeps text as it is: no Unicode normalisation, nothing escaped that need not be", () => {
    expect(canonicalJson('"A\\u030a"')).toBe('"A\u030a"');
    expect(canonicalJson('"\\u00c5"')).toBe('"\u00c5"');
    expect(canonicalJson('"\\u2028\\u007f\\/"')).toBe('"\u2028\u007f/"');
  });

  it("takes a member of any name, those of JavaScript's own included", () => {
    expect(canonicalJson('{"toJSON":1,"__proto__":{"a":1},"constructor":2,"":3}')).toBe(
      '{"":3,"__proto__":{"a":1},"constructor":2,"toJSON":1}',
    );
  });

  it("takes nesting and lengths up to the whole of a message", () => {
    const depth = 200_000;
    const nested = "[".repeat(depth) + "]".repeat(depth);
    expect(canonicalJson(nested) === nested).toBe(true);
    const long = `"${String.raw`\n`.repeat(depth)}"`;
    expect(canonicalJson(long) === long).toBe(true);
  });
});

describe("a text without a canonical form", () => {
  it.each([
    ["twice in one object", '{"a":1,"a":1}'],
    ["with an escape", String.raw`{"a":1,"\u0061":2}`],
    ["with an escape both times", String.raw`{"\u0061":1,"\u0061":2}`],
    ["with an escaped quote", String.raw`{"\"":1,"\u0022":2}`],
    ["empty", '{"":1,"":2}'],
    ["deep inside", '[{"x":[{"y":{"b":1,"c":[],"b":2}}]}]'],
    ["after a nested object", '{"a":{"a":1},"b":2,"a":3}'],
    ["after a nested list", '{"a":[1,{"a":1}],"a":3}'],
    ["with white space between", '{ "a" : 1 ,\n"a" : 2 }'],
    ["of JavaScript's own", '{"__proto__":1,"__proto__":2}'],
  ])("is one with a member name %s, given twice", (_where, text) => {
    expect(() => canonicalJson(text)).toThrow("duplicate member names");
  });

  it.each([
    ['{"a":"a","b":"a"}'],
    ['[{"a":1},{"a":1}]'],
    ['{"a":{"a":{"a":1}}}'],
    ['{"a":["a","a"]}'],
    [String.raw`{"a":"\",\"a\":\"","b":1}`],
    [String.raw`{"a\\":1,"a":2}`],
  ])("is none where a name only seems to come twice: %s", (text) => {
    expect(JSON.parse(canonicalJson(text))).toEqual(JSON.parse(text));
  });

  it.each([
    ["9007199254740992"],
    ["-9007199254740992"],
    ["9007199254740993"],
    ["9007199254740992.0"],
    ["90071992547409920e-1"],
    ["9.007199254740993e15"],
    ["9007199254740993.5"],
    ["1e16"],
    ["1E30"],
    ["1e308"],
    ["123456789012345678901234567890"],
  ])("is one with the integer %s, which a double rounds", (number) => {
    expect(() => canonicalJson(`{"a":[${number}]}`)).toThrow("integer beyond 2^53");
    expect(canonicalJson(`{"a":["${number}"]}`)).toBe(`{"a":["${number}"]}`);
  });

  it.each([
    ["a lone high surrogate", String.raw`"\ud800"`],
    ["a lone low surrogate", String.raw`["\udc00"]`],
    ["surrogates the wrong way round", String.raw`"\udc00\ud800"`],
    ["a lone surrogate in a name", String.raw`{"\ud800":1}`],
    ["a number beyond all doubles", "1e400"],
    ["a number beyond all doubles, negative", "-1e400"],
  ])("is one with %s", (_what, text) => {
    expect(() => canonicalJson(text)).toThrow("gives no form");
  });

  it.each([
    [""],
    ["   "],
    ["undefined"],
    ["NaN"],
    ["Infinity"],
    ["01"],
    ["+1"],
    ["1."],
    ["[1,]"],
    ["{'a':1}"],
    ["{a:1}"],
    ['{"a":1}{"a":1}'],
    ['"\n"'],
    ["\ufeff{}"],
    ["// nothing\n{}"],
  ])("is one that is not JSON: %j", (text) => {
    expect(() => canonicalJson(text)).toThrow("is not valid JSON");
  });

  it("is refused without quoting any of it", () => {
    const texts = ['{"hunter2":1,"hunter2":2}', '["hunter2", 9007199254740993]', '"hunter2', '"hunter2\\ud800"'];
    const messages = texts.map((text) => {
      try {
        return canonicalJson(text);
      } catch (error) {
        return error instanceof CanonicalJsonError ? error.message : String(error);
      }
    });
    expect(messages.filter((message) => message.includes("hunter2"))).toEqual([]);
  });
});
