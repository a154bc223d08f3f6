import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CASES } from "./support/cases.ts";
import { Charts, HELMS, type Manifest } from "./support/helm.ts";
import { whyNotRestricted } from "./support/restricted.ts";
import { faultsOf } from "./support/validate.ts";

const charts = new Charts();
afterAll(() => charts.remove());

const isTest = ({ metadata }: Manifest) => metadata.annotations?.["helm.sh/hook"] === "test";

/** Specs of pods: of the object itself, or of what it makes. */
function podSpecsIn({ kind, spec }: Manifest): Manifest[] {
  if (kind === "Pod") return [spec];
  return spec?.template?.spec === undefined ? [] : [spec.template.spec];
}

/** Asked about all that was rendered, in one go: the program that answers takes seconds to start. */
const questions: Array<{ readonly version: string; readonly object: Manifest }> = [];
let answers: ReadonlyMap<Manifest, readonly string[]>;
beforeAll(() => {
  const faults = faultsOf(questions);
  answers = new Map(questions.map(({ object }, index) => [object, faults[index] ?? []]));
}, 300_000);

describe.each(HELMS)("the chart, rendered by %s", (_major, helm) => {
  describe.each(CASES)("$name", ({ values, versions, kinds }) => {
    const rendered = versions.map((version) => ({
      version,
      objects: charts.render({ helm, values, kubeVersion: version }),
    }));
    const all = rendered.flatMap(({ objects }) => objects);
    questions.push(...rendered.flatMap(({ version, objects }) => objects.map((object) => ({ version, object }))));

    it("is what is expected, under each version of Kubernetes", () => {
      const kindsOf = (objects: readonly Manifest[]) =>
        objects
          .filter((one) => !isTest(one))
          .map(({ kind }) => kind)
          .sort();
      expect(rendered.map(({ objects }) => kindsOf(objects))).toEqual(versions.map(() => [...kinds].sort()));
    });

    it("is taken by each of them, unknown fields refused", () => {
      expect(all.flatMap((object) => answers.get(object))).toEqual([]);
    });

    it("runs nothing that the restricted Pod Security Standard refuses", () => {
      expect(all.flatMap(podSpecsIn).flatMap(whyNotRestricted)).toEqual([]);
    });

    it("names every object once, says whose it is, and is in the release's namespace", () => {
      for (const { objects } of rendered) {
        const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
        expect(new Set(names).size).toBe(names.length);
      }
      for (const { kind, metadata } of all) {
        expect(metadata.labels, kind).toMatchObject({ "app.kubernetes.io/name": "onceward" });
        const isOfCluster = /Webhook|AdmissionPolicy/.test(kind);
        expect(metadata.namespace, kind).toBe(isOfCluster ? undefined : "onceward");
      }
    });
  });
});

describe("Helm 3 and Helm 4", () => {
  it.each(CASES)("render the same: $name", ({ values, versions }) => {
    const [three, four] = HELMS.map(([, helm]) => charts.render({ helm, values, kubeVersion: versions.at(-1)! }));
    expect(sorted(withoutCertificates(four!))).toEqual(sorted(withoutCertificates(three!)));
  });

  function withoutCertificates(objects: readonly Manifest[]): Manifest[] {
    const text = JSON.stringify(objects, (name, value) =>
      /^(caBundle|tls\.crt|tls\.key|ca\.crt)$/.test(name) ? "" : value,
    );
    return JSON.parse(text);
  }

  function sorted(objects: readonly Manifest[]): Manifest[] {
    const keyOf = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`;
    return [...objects].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }
});
