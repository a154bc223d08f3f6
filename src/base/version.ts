import { readFileSync } from "node:fs";

/** The version in package.json, which stands beside `src/` and beside the bundle alike. */
export function readVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { version }: { readonly version: string } = JSON.parse(text);
  return version;
}
