/** Builds the image for the tests, on bases made of what is here, and unpacks it where the tests run it. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../package.json" with { type: "json" };
import { canInstall, install, onPath } from "./support/apt.ts";
import { type Built, buildah, builtFile, IMAGE_FOLDER } from "./support/image.ts";
import { ROOT, run } from "./support/run.ts";
import { makeBuildTree, makeRuntimeTree } from "./support/stand-in.ts";

/** What the tests call it. */
const IMAGE = "localhost/onceward:test";
const RUNTIME_BASE = "localhost/onceward-runtime-base";
const BUILD_BASE = "localhost/onceward-build-base";

/** Where the source lies: for an image that is published, an address. */
const SOURCE = "this checkout";

/** `buildah` makes images and `runc` runs them, as a cluster's nodes do. */
const TOOLS = ["buildah", "runc"];

function base(name: string, make: (tree: string) => void, ...config: readonly string[]): void {
  const tree = join(IMAGE_FOLDER, "tree");
  mkdirSync(tree, { recursive: true });
  make(tree);
  const container = buildah("from", "scratch");
  buildah("copy", "--quiet", container, tree, "/");
  if (config.length > 0) buildah("config", ...config, container);
  buildah("commit", "--quiet", container, name);
  buildah("rm", container);
  rmSync(tree, { recursive: true });
}

function build(): void {
  rmSync(IMAGE_FOLDER, { recursive: true, force: true });
  base(RUNTIME_BASE, makeRuntimeTree);
  const env = ["PATH=/usr/local/bin:/usr/bin:/bin", "NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt"];
  base(BUILD_BASE, makeBuildTree, ...env.flatMap((one) => ["--env", one]));
  const revision = run("git", ["rev-parse", "HEAD"], { output: "pipe", minutesMax: 1 }).output.trim();
  const given = { BUILD_BASE, RUNTIME_BASE, VERSION: manifest.version, REVISION: revision, SOURCE };
  const args = Object.entries(given).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  buildah("build", "--quiet", "--pull-never", ...args, "--tag", IMAGE, ROOT);
}

function unpack(image: string): string {
  return buildah("mount", buildah("from", "--pull-never", image));
}

try {
  const missing = TOOLS.filter((tool) => onPath(tool) === undefined);
  if (missing.length > 0 && !(canInstall() && install(...missing))) throw new Error(`missing: ${missing.join(", ")}`);
  build();
  const { config } = JSON.parse(buildah("inspect", "--type", "image", IMAGE)).OCIv1;
  const built: Built = { rootfs: unpack(IMAGE), base: unpack(RUNTIME_BASE), config };
  writeFileSync(builtFile, JSON.stringify(built, null, 2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n`);
  process.stderr.write("Tests of the image need root on Debian (or buildah and runc), and the npm registry.\n");
  process.exitCode = 1;
}
