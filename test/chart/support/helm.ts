/** Real Helm, as whoever installs the charts runs it. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { HELM_3, HELM_4 } from "../../../scripts/support/kubernetes.ts";
import { ROOT } from "../../../scripts/support/run.ts";

/** Both majors in use; a chart has to be the same under either. */
export const HELMS = [
  ["Helm 3", HELM_3.helm],
  ["Helm 4", HELM_4.helm],
] as const;

/** An object of Kubernetes as it was rendered. */
// biome-ignore lint/suspicious/noExplicitAny: an object has the type of its kind; every test compares what it reads.
export type Manifest = any;

export interface RenderOptions {
  /** Name of a folder under charts/; another chart by its path. */
  readonly chart?: string;
  readonly helm?: string;
  readonly kubeVersion?: string;
  readonly release?: string;
  readonly namespace?: string;
  readonly values?: object;
  readonly apiVersions?: readonly string[];
}

export interface Ended {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of charts/ with their dependencies in place, so that the tree stays as it was. */
export class Charts {
  readonly path: string;
  readonly #home: string;

  constructor() {
    this.#home = mkdtempSync(join(tmpdir(), "onceward-charts-"));
    this.path = join(this.#home, "charts");
    cpSync(join(ROOT, "charts"), this.path, { recursive: true });
    this.buildDependencies(join(this.path, "onceward"));
  }

  buildDependencies(chart: string): void {
    execFileSync(HELM_3.helm, ["dependency", "update", chart, "--skip-refresh"], { env: this.#env(), stdio: "pipe" });
  }

  run(helm: string, ...args: readonly string[]): Ended {
    const { status, stdout, stderr } = spawnSync(helm, args, { env: this.#env(), encoding: "utf8", cwd: this.path });
    return { ok: status === 0, stdout, stderr };
  }

  /** `helm template`, without a word about whether it went well. */
  template(options: RenderOptions = {}): Ended {
    const { chart = "onceward", helm = HELM_4.helm, kubeVersion = "1.36", release = "test", values = {} } = options;
    const wanted = (options.apiVersions ?? []).flatMap((one) => ["--api-versions", one]);
    const given = ["--namespace", options.namespace ?? "onceward", "--kube-version", kubeVersion, ...wanted];
    return this.#withInput(helm, ["template", release, chart, ...given, "--values", "-"], JSON.stringify(values));
  }

  /** @throws with Helm's own words where it refuses. */
  render(options: RenderOptions = {}): Manifest[] {
    const { ok, stdout, stderr } = this.template(options);
    if (!ok) throw new Error(stderr);
    return objectsIn(stdout);
  }

  lint(helm: string, chart: string, values: object, kubeVersion: string): Ended {
    const args = ["lint", chart, "--strict", "--kube-version", kubeVersion, "--values", "-"];
    return this.#withInput(helm, args, JSON.stringify(values));
  }

  remove(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }

  #withInput(helm: string, args: readonly string[], input: string): Ended {
    const options = { env: this.#env(), encoding: "utf8", cwd: this.path, input } as const;
    const { status, stdout, stderr } = spawnSync(helm, args, options);
    return { ok: status === 0, stdout, stderr };
  }

  /** Nothing of this machine's Helm or cluster. */
  #env() {
    return { PATH: process.env.PATH ?? "", HOME: this.#home, KUBECONFIG: join(this.#home, "none") };
  }
}

/** @throws where a document is no YAML, or names a member twice. */
function objectsIn(text: string): Manifest[] {
  const documents = parseAllDocuments(text, { uniqueKeys: true });
  if (!Array.isArray(documents)) return [];
  return documents
    .map((document) => {
      if (document.errors.length > 0) throw new Error(document.errors.join("\n"));
      return document.toJS();
    })
    .filter((object) => object !== null);
}

/** @throws unless exactly one is of that kind, and of that name where one is said. */
export function only(objects: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = objects.filter((one) => one.kind === kind && (name === undefined || one.metadata.name === name));
  if (found.length !== 1) throw new Error(`${found.length} of ${kind} ${name ?? ""}, not one`);
  return found[0];
}
