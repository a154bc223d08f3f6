/**
 * Writes every file that follows from another one: the compiled proto, the types of its messages, the generated pages.
 * All are made in a folder of their own first; then they replace what is there, or, with `--check`, are only compared
 * with it, each difference named.
 */
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DOCUMENTS } from "./documents.ts";
import { ROOT, run } from "./support/run.ts";

/** What reflection serves, and what the next change of proto/ is compared with. */
const DESCRIPTORS = "proto/onceward.binpb";
/** Nothing else may lie in this folder: files whose proto is gone are removed. */
const TYPES = "src/transport/grpc/gen";
/** Ours are found by pattern; of Google's only what our errors carry. */
const PROTO_FILES = ["google/rpc/error_details.proto", "google/rpc/status.proto"];
/** What src/transport/grpc loads the proto files with: the types are wrong under any other option. */
const LOADER_OPTIONS = ["--longs=String", "--enums=String", "--defaults", "--oneofs"];
const TOOL_MINUTES_MAX = 2;

class ToolFailed extends Error {}

function tool(command: string, args: readonly string[]): void {
  const { ok, output } = run(command, args, { output: "pipe", minutesMax: TOOL_MINUTES_MAX });
  if (!ok) throw new ToolFailed(`${output.trimEnd()}\n${command} ${args[0]} failed`);
}

function refuseBreakingChange(): void {
  if (!existsSync(join(ROOT, DESCRIPTORS))) return;
  try {
    tool("buf", ["breaking", "proto", "--against", DESCRIPTORS]);
  } catch (cause) {
    const way = `Callers would break. If that is meant, remove ${DESCRIPTORS} and generate again.`;
    throw new ToolFailed(`${(cause as Error).message}\n${way}`);
  }
}

function produce(folder: string): void {
  const ours = globSync("onceward/**/*.proto", { cwd: join(ROOT, "proto") }).sort();
  mkdirSync(join(folder, dirname(DESCRIPTORS)), { recursive: true });
  tool("buf", ["build", "proto", "--as-file-descriptor-set", "-o", join(folder, DESCRIPTORS)]);
  tool("proto-loader-gen-types", [
    ...LOADER_OPTIONS,
    "--grpcLib=@grpc/grpc-js",
    "--importFileExtension=.ts",
    ...["-I", "proto", "node_modules/google-proto-files"],
    ...["-O", join(folder, TYPES)],
    ...ours,
    ...PROTO_FILES,
  ]);
  for (const { path, render } of DOCUMENTS) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), render());
  }
}

/** Every generated file under a folder, by its path from there. */
function generatedIn(folder: string): string[] {
  const patterns = [DESCRIPTORS, `${TYPES}/**/*.ts`, ...DOCUMENTS.map(({ path }) => path)];
  return globSync(patterns, { cwd: folder });
}

interface Difference {
  readonly path: string;
  readonly kind: "missing" | "left over" | "differs";
}

function differences(fresh: string): Difference[] {
  const found: Difference[] = [];
  for (const path of new Set([...generatedIn(fresh), ...generatedIn(ROOT)])) {
    const [made, kept] = [join(fresh, path), join(ROOT, path)];
    if (!existsSync(kept)) found.push({ path, kind: "missing" });
    else if (!existsSync(made)) found.push({ path, kind: "left over" });
    else if (!readFileSync(made).equals(readFileSync(kept))) found.push({ path, kind: "differs" });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function replace(fresh: string): void {
  rmSync(join(ROOT, TYPES), { recursive: true, force: true });
  cpSync(fresh, ROOT, { recursive: true });
}

const fresh = mkdtempSync(join(tmpdir(), "onceward-generate-"));
try {
  const checkOnly = process.argv.includes("--check");
  produce(fresh);
  if (!checkOnly) refuseBreakingChange();
  const found = differences(fresh);
  if (!checkOnly) replace(fresh);
  for (const { path, kind } of found) {
    const done = kind === "left over" ? "removed" : "wrote";
    process.stdout.write(`${checkOnly ? kind : done}: ${path}\n`);
  }
  process.exitCode = checkOnly && found.length > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof ToolFailed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
