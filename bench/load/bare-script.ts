import { readFileSync } from "node:fs";

/** The text of one of the bare scripts: the least that the work could be. */
export function bareScript(name: string): string {
  return readFileSync(new URL(`./bare/${name}.lua`, import.meta.url), "utf8");
}
