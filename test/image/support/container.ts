/**
 * Containers of the image as a node of a cluster runs them: by runc, with what the charts ask for. Only the network is
 * this machine's own, so that the loopback address of the "pod" is one that a test can call.
 */
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBuilt } from "../../../scripts/support/image.ts";
import { type RunningSidecar, type SidecarProcess, spawnSidecar, startProcess } from "../../support/sidecar.ts";
import { runtimeDefault } from "./seccomp.ts";

const built = readBuilt();

/** The image's own user. */
export const USER = 65_532;

/** What the charts give the sidecar by default: more is killed, here as there. */
const MEMORY_BYTES_MAX = 256 * 1024 * 1024;

/** What a pod's manifest could say of a container. */
export interface Manifest {
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of the image's own "serve". */
  readonly args?: readonly string[];
  /** Instead of the image's entry point. */
  readonly command?: readonly string[];
  /** Where a folder of this machine is put: what a volume of a pod is. */
  readonly volumes?: Readonly<Record<string, string>>;
  readonly readOnlyRootFilesystem?: boolean;
  readonly runAsUser?: number;
}

/** Everything the containers of a test file leave on this machine. */
const folder = mkdtempSync(join(tmpdir(), "onceward-containers-"));
const names = new Set<string>();

function runc(...args: readonly string[]): string {
  return execFileSync("runc", ["--root", join(folder, "state"), ...args], { encoding: "utf8", stdio: "pipe" });
}

/** A volume that every user of the pod may write to, as an `emptyDir` is one. */
export function volume(): string {
  const path = mkdtempSync(join(folder, "volume-"));
  chmodSync(path, 0o777);
  return path;
}

function bind(destination: string, source: string) {
  return { destination, source, type: "bind", options: ["rbind", "rw", "nosuid", "nodev"] };
}

/** The runtime's configuration: the image's, then what the manifest says. */
function configOf(manifest: Manifest): object {
  const { Entrypoint, Cmd, Env, WorkingDir, User } = built.config;
  const env = Object.entries({ ...LISTEN, ...manifest.env }).map(([name, value]) => `${name}=${value}`);
  const uid = manifest.runAsUser ?? Number(User.split(":")[0]);
  const tmpfs = { type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=755", "size=65536k"] };
  return {
    ociVersion: "1.0.2",
    root: { path: built.rootfs, readonly: manifest.readOnlyRootFilesystem ?? true },
    process: {
      terminal: false,
      cwd: WorkingDir,
      user: { uid, gid: uid },
      args: [...(manifest.command ?? Entrypoint), ...(manifest.args ?? Cmd)],
      env: [...Env, ...env],
      noNewPrivileges: true,
      capabilities: {},
    },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] },
      { destination: "/dev", ...tmpfs },
      ...Object.entries(manifest.volumes ?? {}).map(([at, path]) => bind(at, path)),
    ],
    linux: {
      namespaces: ["pid", "mount", "ipc", "uts"].map((type) => ({ type })),
      resources: { memory: { limit: MEMORY_BYTES_MAX } },
      seccomp: runtimeDefault(),
      maskedPaths: ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug"],
      readonlyPaths: ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
    },
  };
}

/** Of each test's own, since tests run side by side. */
const LISTEN = { ONCEWARD_LISTEN: "127.0.0.1:0", ONCEWARD_OPS_LISTEN: "127.0.0.1:0" };

interface Container {
  readonly name: string;
  /** By the runtime: unlike one to a child, it reaches the container's first process whatever it is. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
  /** Runs Node with that script inside, as the container's user, and returns what it prints. */
  inside(script: string): string;
  /** Of the container's first process, as this machine sees it. */
  pid(): number;
}

function prepare(manifest: Manifest): { readonly commandLine: readonly [string, ...string[]]; container: Container } {
  const name = `onceward-${randomUUID()}`;
  const bundle = join(folder, name);
  mkdirSync(bundle);
  writeFileSync(join(bundle, "config.json"), JSON.stringify(configOf(manifest)));
  names.add(name);
  const container: Container = {
    name,
    kill: (signal) => void runc("kill", name, signal),
    inside: (script) => runc("exec", name, built.config.Entrypoint[0] ?? "", "-e", script).trim(),
    pid: () => JSON.parse(runc("state", name)).pid,
  };
  return { commandLine: ["runc", "--root", join(folder, "state"), "run", "--bundle", bundle, name], container };
}

/** Starts a container and does not wait for anything. */
export function spawnContainer(manifest: Manifest): Omit<SidecarProcess, "pid"> & Container {
  const { commandLine, container } = prepare(manifest);
  return { ...spawnSidecar({}, commandLine), ...container };
}

/** The same, when it says that it is ready. */
export async function startContainer(manifest: Manifest): Promise<Omit<RunningSidecar, "pid"> & Container> {
  const { commandLine, container } = prepare(manifest);
  return { ...(await startProcess({}, commandLine)), ...container };
}

/** For `afterEach`: whatever a test left running is ended. */
export function endContainers(): void {
  for (const name of names) {
    try {
      runc("delete", "--force", name);
    } catch {
      // It never was created, or is gone as it should be.
    }
  }
  names.clear();
}

/** For `afterAll`. */
export function removeContainers(): void {
  endContainers();
  rmSync(folder, { recursive: true, force: true });
}
