/** JSON Patch (RFC 6902), of which adding is all that is needed. */
export interface Addition {
  readonly op: "add";
  readonly path: string;
  readonly value: unknown;
}

/** A path from its steps, each escaped as a JSON pointer asks (RFC 6901). */
export function add(steps: readonly (string | number)[], value: unknown): Addition {
  const path = steps.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  return { op: "add", path, value };
}

/** Entries for a map that may not be there yet; a name that it has already is given the new value. */
export function addToMap(
  steps: readonly (string | number)[],
  map: Readonly<Record<string, string>> | null | undefined,
  entries: Readonly<Record<string, string>>,
): Addition[] {
  const fresh = Object.entries(entries).filter(([name, value]) => map?.[name] !== value);
  if (fresh.length === 0) return [];
  if (map === null || map === undefined) return [add(steps, Object.fromEntries(fresh))];
  return fresh.map(([name, value]) => add([...steps, name], value));
}

interface Named {
  readonly name: string;
}

/** Entries for a list that may not be there yet, at its head or its end. One whose name it has already stays out. */
export function addToList(
  steps: readonly (string | number)[],
  list: readonly Named[] | null | undefined,
  entries: readonly Named[],
  at: "head" | "end",
): Addition[] {
  const fresh = entries.filter(({ name }) => !list?.some((one) => one.name === name));
  if (fresh.length === 0) return [];
  if (list === null || list === undefined) return [add(steps, fresh)];
  return at === "end"
    ? fresh.map((entry) => add([...steps, "-"], entry))
    : fresh.map((entry, index) => add([...steps, index], entry));
}
