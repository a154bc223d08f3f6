import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Fetched, made or left behind by a run; nobody writes in these. */
const NOT_OURS = /(^|\/)(node_modules|\.git|\.onceward|dist|coverage|gen)(\/|$)/;

export interface SourceFile {
  /** From the project's folder, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

/** The files that people write and that match a pattern, read; none when the folder is not there. */
export function sources(...patterns: readonly string[]): SourceFile[] {
  const found = globSync(patterns, { cwd: ROOT, exclude: (path) => NOT_OURS.test(path) });
  return found.sort().map((path) => {
    const text = readFileSync(join(ROOT, path), "utf8");
    return { path, text, lines: text.replace(/\n$/, "").split("\n") };
  });
}

/** What a TypeScript file imports or re-exports, types too: paths from the project's folder, or names of packages. */
export function importsOf({ path, text }: SourceFile): string[] {
  const fixed = text.matchAll(/^(?:import|export)\s(?:[^;"]*?\sfrom\s)?\s*"([^"]+)"/gm);
  const atRunTime = text.matchAll(/\bimport\(\s*"([^"]+)"/g);
  const named = [...fixed, ...atRunTime].map((match) => match[1] ?? "");
  return named.map((name) => (name.startsWith(".") ? join(dirname(path), name) : name));
}

/** A TypeScript file's text with every comment blanked out, lines kept in place. */
export function withoutComments(text: string): string {
  const blank = (comment: string) => comment.replace(/[^\n]/g, " ");
  return text.replace(/\/\*[\s\S]*?\*\//g, blank).replace(/(?<=^|\s)\/\/.*$/gm, blank);
}

/** `path:line` of every place where a pattern holds. */
export function placesOf(pattern: RegExp, path: string, text: string): string[] {
  const holds = (line: string) => new RegExp(pattern, pattern.flags.replace("g", "")).test(line);
  return text.split("\n").flatMap((line, index) => (holds(line) ? [`${path}:${index + 1}`] : []));
}
