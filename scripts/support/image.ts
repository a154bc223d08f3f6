/** The image that is built for the tests: where it is, and how it is unpacked for a container runtime. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, run } from "./run.ts";

/** Everything that building leaves behind. Anew with each run, and gone with `npm ci`. */
export const IMAGE_FOLDER = join(ROOT, "node_modules", ".cache", "image");
const BUILT = join(IMAGE_FOLDER, "built.json");

/** What a container runtime is told by an image. */
interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly StopSignal: string;
  readonly ExposedPorts: Readonly<Record<string, object>>;
  readonly Healthcheck?: object;
}

export interface Built {
  /** The unpacked image, and the unpacked base it was built on. */
  readonly rootfs: string;
  readonly base: string;
  readonly config: ImageConfig;
}

export const builtFile = BUILT;

export function readBuilt(): Built {
  return JSON.parse(readFileSync(BUILT, "utf8"));
}

const BUILD_MINUTES_MAX = 8;

/** Debian's builder, with a store of its own. Runs steps in a chroot, so it works inside a container too. */
export function buildah(...args: readonly string[]): string {
  const store = ["--root", join(IMAGE_FOLDER, "store"), "--runroot", join(IMAGE_FOLDER, "run")];
  const { ok, output } = run("buildah", [...store, "--storage-driver", "vfs", ...args], {
    output: "pipe",
    minutesMax: BUILD_MINUTES_MAX,
    env: { BUILDAH_ISOLATION: "chroot" },
  });
  if (!ok) throw new Error(`buildah ${args.join(" ")}\n${output}`);
  return output.trim();
}
