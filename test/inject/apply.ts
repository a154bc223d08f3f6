/** The one operation of JSON Patch that is used, applied as RFC 6902 says, to a copy. */
import type { Addition } from "../../src/inject/patch.ts";

// biome-ignore lint/suspicious/noExplicitAny: any JSON; every test compares what it reads.
export type Json = any;

/** @throws where a path leads nowhere: an API server would refuse the whole patch. */
export function apply(object: Json, patch: readonly Addition[]): Json {
  const result = structuredClone(object);
  for (const { path, value } of patch) {
    const steps = path
      .slice(1)
      .split("/")
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = steps.pop() ?? "";
    const parent = steps.reduce((inner, step) => inner?.[step], result);
    if (typeof parent !== "object" || parent === null) throw new Error(`${path}: nothing is there to add to`);
    const added = structuredClone(value);
    if (!Array.isArray(parent)) parent[last] = added;
    else if (last === "-") parent.push(added);
    else if (Number(last) <= parent.length) parent.splice(Number(last), 0, added);
    else throw new Error(`${path}: beyond the end of the list`);
  }
  return result;
}
