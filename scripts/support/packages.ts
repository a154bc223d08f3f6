/** The packages that are inside the packaged program: which, from where, and on what terms. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./run.ts";

/** A package as it lies in `node_modules`. */
export interface Package {
  /** From the project's folder: `node_modules/a`, or `node_modules/a/node_modules/b` where versions differ. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly needs: readonly string[];
}

/** The folder of the package that a file belongs to; undefined for a file of our own. */
export function folderOf(path: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

export function readPackage(folder: string): Package {
  // Anybody's package.json: of what is read here, only the name and the version are certain.
  const text: { name: string; version: string; license?: string; dependencies?: Record<string, string> } = JSON.parse(
    readFileSync(join(ROOT, folder, "package.json"), "utf8"),
  );
  const { name, version, license = "see its file", dependencies = {} } = text;
  return { folder, name, version, license, needs: Object.keys(dependencies) };
}

/** Where Node finds a package when code in `from` asks for it. */
function find(name: string, from: string): string {
  for (let at = from; at !== "."; at = dirname(at)) {
    const folder = join(at, "node_modules", name);
    if (existsSync(join(ROOT, folder, "package.json"))) return folder;
  }
  return join("node_modules", name);
}

/** Those packages, and all that they need at run time. */
export function withNeeds(names: readonly string[]): Package[] {
  const found = new Map<string, Package>();
  const visit = (folder: string) => {
    if (found.has(folder)) return;
    const one = readPackage(folder);
    found.set(folder, one);
    for (const name of one.needs) visit(find(name, folder));
  };
  for (const name of names) visit(find(name, "."));
  return [...found.values()];
}

/** What their licences ask to be passed on with them. */
export function noticesOf(packages: readonly Package[]): string {
  const notices = packages.map(({ folder, name, version, license }) => {
    const files = globSync(join(folder, "{LICEN[CS]E,licen[cs]e,COPYING,NOTICE}*"), { cwd: ROOT }).sort();
    const texts = files.map((file) => readFileSync(join(ROOT, file), "utf8").trim());
    return `${name} ${version} (${license})\n\n${texts.join("\n\n") || "No text comes with this package."}\n`;
  });
  return `onceward contains these packages.\n\n${notices.join(`\n${"-".repeat(80)}\n\n`)}`;
}
