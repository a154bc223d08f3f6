import { expect, it } from "vitest";
import { uniqueId } from "../../src/base/random.ts";

it("a name is 128 bits in 22 characters, and nobody else's", () => {
  const names = Array.from({ length: 10_000 }, uniqueId);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{22}$/);
  // Every place takes every character: none is left as it was allocated. The last one carries two bits only.
  for (let at = 0; at < 21; at++) expect(new Set(names.map((name) => name[at])).size).toBe(64);
});
