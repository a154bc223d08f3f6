import canonicalize from "canonicalize";

/** Why a text has no canonical form; the message is for the caller and quotes nothing of the text. */
export class CanonicalJsonError extends Error {}

/**
 * The canonical form of a JSON text (RFC 8785). Refuses what would make different payloads equal: duplicate member
 * names, of which parsers keep only one, and integers beyond 2^53, which doubles round.
 * @throws {CanonicalJsonError}
 */
export function canonicalJson(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CanonicalJsonError("is not valid JSON");
  }
  refuseAmbiguity(text);
  let canonical: string | undefined;
  try {
    canonical = canonicalize(value);
  } catch {
    throw new CanonicalJsonError(
      "has a value that RFC 8785 gives no form, such as a lone surrogate or a number too large",
    );
  }
  if (canonical === undefined) throw new CanonicalJsonError("is not valid JSON");
  return canonical;
}

/** Strings, numbers and structure of a text that is known to be valid JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\],:]/g;

function refuseAmbiguity(json: string): void {
  /** Member names of each object that is open; undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  let nameComes = false;
  for (const [token] of json.matchAll(TOKEN)) {
    const names = open.at(-1);
    if (token === "{" || token === "[") open.push(token === "{" ? new Set() : undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token.startsWith('"') && nameComes && names !== undefined) addName(names, token);
    else if (/^[-\d]/.test(token)) refuseInexact(Number(token));
    nameComes = token === "{" || token === ",";
  }
}

function addName(names: Set<string>, token: string): void {
  const name: string = JSON.parse(token);
  if (names.has(name)) throw new CanonicalJsonError("has an object with duplicate member names");
  names.add(name);
}

function refuseInexact(value: number): void {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new CanonicalJsonError("has an integer beyond 2^53, which JSON readers round: send it as a string");
  }
}
