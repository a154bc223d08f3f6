import { describe, expect, it } from "vitest";
import { importsOf, placesOf, type SourceFile, sources, withoutComments } from "./support/tree.ts";

/** Most lines a file may have; the aim is half of it, a file that is read top to bottom once. */
const FILE_LINES_MAX = 300;
const LINE_COLUMNS_MAX = 120;

/** A file imports from lower ranks and from its own room. The longest path that fits is a file's room. */
const RANKS: Readonly<Record<string, number>> = {
  "src/base/": 0,
  "src/config/": 1,
  "src/domain/": 1,
  "src/telemetry/": 2,
  "src/store/": 2,
  "src/store/redis-client/": 2,
  "src/store/observed.ts": 3,
  "src/store/embedded/": 3,
  "src/store/redis/": 3,
  "src/store/redlock/": 3,
  "src/service/": 3,
  "src/transport/": 4,
  "src/inject/": 5,
  "src/app/": 6,
  "src/cli/": 7,
  "src/main.ts": 8,
};

/** The rooms that know about a package. One that is not named here may be used anywhere but in `base` and `domain`. */
const PACKAGE_ROOMS: readonly (readonly [name: RegExp, rooms: readonly string[]])[] = [
  [/^(@grpc\/|grpc-)/, ["src/transport/", "src/cli/"]],
  [/^ioredis$/, ["src/store/redis-client/", "src/store/redis/", "src/store/redlock/"]],
  [/^redlock$/, ["src/store/redlock/"]],
  [/^classic-level$/, ["src/store/embedded/"]],
  [/^pino$/, ["src/telemetry/"]],
  [/^@opentelemetry\//, ["src/telemetry/"]],
  [/^canonicalize$/, ["src/domain/"]],
  [/^(commander|cli-table3|picocolors)$/, ["src/cli/"]],
];

/** Calls that make a file depend on something it was not given, and the rooms whose work is to wrap them. */
const BANNED_CALLS: readonly (readonly [what: string, call: RegExp, rooms: readonly string[]])[] = [
  ["asks for the time", /\b(Date\.now|new Date|performance\.now|process\.hrtime)\b/, ["src/base/", "src/app/"]],
  ["asks for chance", /\bMath\.random\b/, ["src/base/", "src/app/"]],
  ["starts a bare timer", /(?<![.\w])set(Timeout|Interval)\(/, ["src/base/", "src/app/"]],
  ["reads the environment", /\bprocess\.env\b/, ["src/app/", "src/cli/", "src/main.ts"]],
  ["writes to the console", /(?<![.\w])console\./, ["src/cli/"]],
];

const SHAPES: readonly (readonly [what: string, shape: RegExp])[] = [
  ["a default export", /^export default\b/],
  ["a barrel", /^export (\*|(type )?\{[^}]*\} from)/],
  ["an enum", /^\s*(export )?(declare )?(const )?enum\b/],
];

/** What a tool reads, and the entrance of a package. */
const EXPORTS_AS_IT_MUST = /\.config\.ts$|^clients\/\w+\/src\/index\.ts$/;

/** A folder of some machine: nothing a stranger has. */
const MACHINE_PATH = /(?<![\w.])\/(home|root|Users|work)\/\w|\b[A-Z]:\\\w/;

function roomOf(path: string): string | undefined {
  const fitting = Object.keys(RANKS).filter((room) => path.startsWith(room));
  return fitting.sort((a, b) => b.length - a.length)[0];
}

/** Undefined when it may; otherwise what is wrong, in words. */
function whyNotImport(room: string, path: string, imported: string): string | undefined {
  const from = roomOf(imported);
  if (imported.startsWith("node:")) return undefined;
  if (!imported.startsWith("src/")) return whyNotPackage(room, path, imported);
  if (from === undefined) return `${path} imports ${imported}: that room has no rank`;
  if (from === room || (RANKS[from] ?? 0) < (RANKS[room] ?? 0)) return undefined;
  return `${path} imports ${imported}: ${from} does not lie below ${room}`;
}

function whyNotPackage(room: string, path: string, name: string): string | undefined {
  if (/^(\.|test\/|scripts\/|bench\/)/.test(name)) return `${path} imports ${name}, which is not part of the program`;
  const rooms = PACKAGE_ROOMS.find(([pattern]) => pattern.test(name))?.[1];
  if (rooms !== undefined) return rooms.includes(room) ? undefined : `${path} imports ${name}: only ${rooms} may`;
  const pure = room === "src/base/" || room === "src/domain/";
  return pure ? `${path} imports ${name}: ${room} does without packages` : undefined;
}

/** The highest n of `NAME[n]`; 0 = none. */
function highest(name: string, lua: string): number {
  const numbers = [...lua.matchAll(new RegExp(`\\b${name}\\[(\\d+)\\]`, "g"))].map((match) => Number(match[1]));
  return Math.max(0, ...numbers);
}

function faultsOfHeader({ path, text }: SourceFile): string[] {
  const stem = path.replace(/^.*\/|\.lua$/g, "");
  const header = /^--\[\[\n([\s\S]*?)\n\]\]/.exec(text);
  if (header === null) return [`${path}: no header`];
  const [whole, said = ""] = header;
  const body = text.slice(whole.length).replace(/--.*$/gm, "");
  const faults: string[] = [];
  if (!said.startsWith(`${stem}: `)) faults.push(`${path}: the header does not begin with "${stem}: "`);
  for (const name of ["KEYS", "ARGV"]) {
    const listed = [...said.matchAll(new RegExp(`^${name}\\[(\\d+)\\]`, "gm"))].map((match) => Number(match[1]));
    const inOrder = listed.every((number, index) => number === index + 1);
    if (!inOrder) faults.push(`${path}: ${name} is not listed 1, 2, 3 … in the header`);
    const used = highest(name, body);
    if (listed.length !== used)
      faults.push(`${path}: the header lists ${listed.length} ${name}, the body uses ${used}`);
  }
  for (const word of ["Returns", "Writes"]) {
    if (!new RegExp(`^${word}\\s`, "m").test(said)) faults.push(`${path}: the header has no line "${word}"`);
  }
  return faults;
}

describe("the tree", () => {
  const program = sources("src/**/*.ts");
  const scripts = sources("src/store/redis/lua/*.lua");
  const code = sources("{src,clients,test,scripts,bench}/**/*.ts", "src/**/*.lua", "proto/**/*.proto", "*.ts");

  it("has no file that is too long to read at once", () => {
    const long = code.filter(({ path, lines }) => !path.endsWith(".proto") && lines.length > FILE_LINES_MAX);
    expect(long.map(({ path, lines }) => `${path}: ${lines.length} lines`)).toEqual([]);
  });

  it("has no line that is too wide", () => {
    const tooWide = new RegExp(`.{${LINE_COLUMNS_MAX + 1}}`, "u");
    expect(code.flatMap(({ path, text }) => placesOf(tooWide, path, text))).toEqual([]);
  });

  it("imports downwards only", () => {
    const wrong = program.flatMap((file) => {
      const room = roomOf(file.path);
      if (room === undefined) return [`${file.path}: its room has no rank`];
      return importsOf(file).map((imported) => whyNotImport(room, file.path, imported));
    });
    expect(wrong.filter((why) => why !== undefined)).toEqual([]);
  });

  it.each(BANNED_CALLS)("%s only where that is wrapped", (_what, call, rooms) => {
    const elsewhere = program.filter(({ path }) => !rooms.includes(roomOf(path) ?? ""));
    expect(elsewhere.flatMap(({ path, text }) => placesOf(call, path, withoutComments(text)))).toEqual([]);
  });

  it.each(SHAPES)("has nowhere %s", (_what, shape) => {
    const ours = code.filter(({ path }) => path.endsWith(".ts") && !EXPORTS_AS_IT_MUST.test(path));
    expect(ours.flatMap(({ path, text }) => placesOf(shape, path, withoutComments(text)))).toEqual([]);
  });

  it("has for every Lua transition the domain function that it translates", () => {
    const twins = new Set(sources("src/domain/*.ts").map(({ path }) => path));
    const twinOf = (path: string) => path.replace("src/store/redis/lua/", "src/domain/").replace(/\.lua$/, ".ts");
    expect(scripts.map(({ path }) => path).filter((path) => !twins.has(twinOf(path)))).toEqual([]);
  });

  it("says at the head of every Lua transition which keys and arguments it takes", () => {
    expect(scripts.flatMap(faultsOfHeader)).toEqual([]);
  });

  it("names no folder of anybody's machine", () => {
    const everything = sources("**/*.{ts,lua,proto,md,json,yaml,yml,grit,sh}", ".ci/*", "Dockerfile*");
    const readable = everything.filter(({ path }) => path !== "package-lock.json");
    expect(readable.flatMap(({ path, text }) => placesOf(MACHINE_PATH, path, text))).toEqual([]);
  });
});
