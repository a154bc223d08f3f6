/**
 * Bases for the image where no registry of images can be asked: as bare as the real ones, made of the project's own
 * Node and of the libraries of this system that it is linked with.
 */
import { chmodSync, cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onPath } from "./apt.ts";
import { ROOT, run } from "./run.ts";

const NODE = join(ROOT, "node_modules", "node", "bin", "node");
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** A file of this system, in the same place; a link becomes what it leads to. */
function take(tree: string, file: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  cpSync(realpathSync(file), join(tree, file));
}

function takeProgram(tree: string, program: string, as: string): void {
  const { ok, output } = run("ldd", [program], { output: "pipe", minutesMax: 1 });
  const libraries = output.match(/\/\S+(?= \()/g);
  if (!ok || libraries === null) throw new Error(`ldd ${program}: ${output}`);
  for (const library of libraries) take(tree, library);
  mkdirSync(dirname(join(tree, as)), { recursive: true });
  cpSync(realpathSync(program), join(tree, as));
}

function write(tree: string, file: string, text: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
}

function makeCommon(tree: string): void {
  write(tree, "/etc/passwd", "root:x:0:0:root:/:/none\nnonroot:x:65532:65532:nonroot:/nonexistent:/none\n");
  write(tree, "/etc/group", "root:x:0:\nnonroot:x:65532:\n");
  write(tree, "/etc/nsswitch.conf", "hosts: files dns\n");
  take(tree, CERTIFICATES);
  mkdirSync(join(tree, "var/lib"), { recursive: true });
  mkdirSync(join(tree, "tmp"));
  chmodSync(join(tree, "tmp"), 0o1777);
}

/** What runs the program: Node where distroless has it, and no shell. */
export function makeRuntimeTree(tree: string): void {
  takeProgram(tree, NODE, "/nodejs/bin/node");
  makeCommon(tree);
}

/** What builds it: Node and npm, and what `RUN` needs. */
export function makeBuildTree(tree: string): void {
  takeProgram(tree, NODE, "/usr/local/bin/node");
  for (const program of ["/bin/sh", "/usr/bin/env", "/bin/mkdir"]) takeProgram(tree, program, program);
  makeCommon(tree);
  const npm = dirname(dirname(realpathSync(process.env.npm_execpath ?? onPath("npm") ?? "npm")));
  if (!readFileSync(join(npm, "package.json"), "utf8").includes('"name": "npm"')) throw new Error(`${npm} is not npm`);
  cpSync(npm, join(tree, "usr/local/lib/node_modules/npm"), { recursive: true });
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(tree, "usr/local/bin/npm"));
}
