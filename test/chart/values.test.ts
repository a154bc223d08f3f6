import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import manifest from "../../package.json" with { type: "json" };
import { ROOT } from "../../scripts/support/run.ts";
import { CASES } from "./support/cases.ts";
import { Charts, HELMS, type Manifest, only } from "./support/helm.ts";

const charts = new Charts();
afterAll(() => charts.remove());

const IMAGE = { repository: "registry.example/onceward" };
const SIDECAR = { image: IMAGE, store: { url: "redis://redis.data:6379" } };
const readRoot = (path: string) => readFileSync(join(ROOT, path), "utf8");
const read = (path: string) => readRoot(`charts/${path}`);

/** Names of all values, `a.b.c`; a map or list without members is a value itself. */
function namesIn(value: Manifest, path = ""): string[] {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
  if (!isMap) return [path];
  return Object.entries(value).flatMap(([name, inner]) => namesIn(inner, path === "" ? name : `${path}.${name}`));
}

/** Names that a schema tells the meaning of. */
function namesTold({ properties }: Manifest, path = ""): string[] {
  return Object.entries<Manifest>(properties ?? {}).flatMap(([name, inner]) => {
    const here = path === "" ? name : `${path}.${name}`;
    return [...(inner.description === undefined ? [] : [here]), ...namesTold(inner, here)];
  });
}

describe.each(["onceward-lib", "onceward"])("the values of %s", (chart) => {
  const values = namesIn(parse(read(`${chart}/values.yaml`)));
  const told = namesTold(JSON.parse(read(`${chart}/values.schema.json`)));

  it("are each told what they mean", () => {
    const untold = values.filter((name) => !told.some((one) => name === one || name.startsWith(`${one}.`)));
    expect(untold).toEqual([]);
  });

  it("are all there that are told of", () => {
    const optional = /^(shared\.resources|injector\.certificate\.issuerRef)\./;
    const absent = told.filter((name) => !values.some((one) => one === name || one.startsWith(`${name}.`)));
    expect(absent.filter((name) => !optional.test(name))).toEqual([]);
  });
});

describe("the version of the charts", () => {
  it("is the program's, everywhere it is written", () => {
    for (const chart of ["onceward-lib", "onceward"]) {
      const { version, appVersion, dependencies = [] } = parse(read(`${chart}/Chart.yaml`));
      expect([version, appVersion]).toEqual([manifest.version, manifest.version]);
      expect(dependencies.map((one: Manifest) => one.version)).toEqual(dependencies.map(() => manifest.version));
    }
    const { spec } = only(charts.render({ values: { sidecar: SIDECAR } }), "Deployment").spec.template;
    expect(spec.containers[0].image).toBe(`${IMAGE.repository}:${manifest.version}`);
  });
});

describe("a command that a page shows", () => {
  const pages = ["docs/kubernetes.md", "charts/onceward/README.md"];
  const shown = pages.map(
    (path) => /helm install (\S+) charts\/onceward ([^`]*?)\n(?! {2})/.exec(readRoot(path)) ?? [],
  );

  it.each(HELMS)("installs something, by %s", (_major, helm) => {
    for (const [, release = "", rest = ""] of shown) {
      const args = rest
        .replaceAll("\\\n", " ")
        .split(/\s+/)
        .filter((word) => word !== "--create-namespace");
      const { ok, stdout, stderr } = charts.run(helm, "template", release, "onceward", ...args);
      expect(ok, stderr).toBe(true);
      expect(stdout).toContain("kind: MutatingWebhookConfiguration");
    }
  });
});

describe.each(HELMS)("%s refuses", (_major, helm) => {
  it.each([
    ["a value that is none", { sidecar: SIDECAR, inyector: {} }, "inyector"],
    ["a value of the sidecar that is none", { sidecar: { ...SIDECAR, strore: {} } }, "strore"],
    ["a setting that is none", { sidecar: { ...SIDECAR, settings: { retentoin: "1h" } } }, "retentoin"],
    ["a setting that has a value of its own", { sidecar: { ...SIDECAR, settings: { listen: "x:1" } } }, "listen"],
    ["a mode that is none", { sidecar: SIDECAR, mode: "webhoook" }, "mode"],
    ["a replica count that is no number", { sidecar: SIDECAR, injector: { replicas: "two" } }, "replicas"],
    ["no image", { sidecar: { store: SIDECAR.store } }, "image.repository"],
    ["an embedded store for whoever is injected", { sidecar: { image: IMAGE } }, "acknowledgePerPodScope"],
    [
      "several replicas of a service without a store that they share",
      { mode: "none", sidecar: { image: IMAGE }, shared: { enabled: true, replicas: 2 } },
      "shared.replicas",
    ],
    ["nothing to install", { mode: "none", sidecar: SIDECAR }, "nothing to install"],
    [
      "a secret without a name",
      { sidecar: SIDECAR, injector: { certificate: { source: "existingSecret", existingSecret: { injectCa: true } } } },
      "existingSecret.name",
    ],
    [
      "a secret whose CA nobody tells",
      { sidecar: SIDECAR, injector: { certificate: { source: "existingSecret", existingSecret: { name: "a" } } } },
      "exactly one",
    ],
    [
      "a secret whose CA two tell",
      {
        sidecar: SIDECAR,
        injector: {
          certificate: { source: "existingSecret", existingSecret: { name: "a", caBundle: "b", injectCa: true } },
        },
      },
      "exactly one",
    ],
  ])("%s", (_what, values, word) => {
    const { ok, stderr } = charts.template({ helm, values });
    expect(ok).toBe(false);
    expect(stderr).toContain(word);
  });

  it("the policy where Kubernetes has none", () => {
    const { ok, stderr } = charts.template({ helm, values: { mode: "policy", sidecar: SIDECAR }, kubeVersion: "1.35" });
    expect(ok).toBe(false);
    expect(stderr).toContain("1.36");
  });

  it("a Kubernetes that is too old", () => {
    const { ok, stderr } = charts.template({ helm, values: { sidecar: SIDECAR }, kubeVersion: "1.27" });
    expect(ok).toBe(false);
    expect(stderr).toContain("1.28");
  });
});

describe.each(HELMS)("%s", (_major, helm) => {
  it.each(CASES)("finds nothing to complain of: $name", ({ values, versions }) => {
    const { ok, stdout, stderr } = charts.lint(helm, "onceward", values, versions.at(-1)!);
    expect(ok, `${stdout}${stderr}`).toBe(true);
    expect(stdout).not.toMatch(/\[(ERROR|WARNING)\]/);
  });

  it("finds nothing to complain of in the library", () => {
    expect(charts.lint(helm, "onceward-lib", {}, "1.36").stdout).not.toMatch(/\[(ERROR|WARNING)\]/);
  });

  it("packs what can be installed from the package alone", () => {
    const { ok, stdout, stderr } = charts.run(helm, "package", "onceward", "--destination", "packed");
    expect(ok, stderr).toBe(true);
    const [, path = ""] = /: (.*\.tgz)/.exec(stdout) ?? [];
    const objects = charts.render({ helm, chart: path, values: { sidecar: SIDECAR } });
    expect(objects.map(({ kind }) => kind)).toContain("MutatingWebhookConfiguration");
  });
});
