import { afterAll, describe, expect, it } from "vitest";
import { Charts, type Manifest, only } from "./support/helm.ts";

const charts = new Charts();
afterAll(() => charts.remove());

const SIDECAR = { image: { repository: "registry.example/onceward" }, store: { url: "redis://redis.data:6379" } };
const render = (values: object = {}) =>
  charts.render({ values: { mode: "policy", sidecar: SIDECAR, excludedNamespaces: ["monitoring"], ...values } });

const expressions = ({ spec }: Manifest): string[] => spec.mutations.map((one: Manifest) => one.jsonPatch.expression);
const bindingsOf = (objects: readonly Manifest[], kind: string) =>
  objects.filter((one) => one.kind === `${kind}Binding`);

describe("the policy", () => {
  const objects = render();
  const policy = only(objects, "MutatingAdmissionPolicy");
  const guard = only(objects, "ValidatingAdmissionPolicy");

  it("never looks at what has to work before it", () => {
    for (const { spec } of [policy, guard]) {
      const [excluded] = spec.matchConstraints.namespaceSelector.matchExpressions;
      expect(excluded).toMatchObject({ key: "kubernetes.io/metadata.name", operator: "NotIn" });
      expect(excluded.values).toEqual(["onceward", "kube-system", "kube-public", "kube-node-lease", "monitoring"]);
      expect(spec.matchConstraints.objectSelector.matchExpressions).toEqual([
        { key: "onceward.dev/inject", operator: "NotIn", values: ["disabled"] },
      ]);
    }
  });

  it.each(["MutatingAdmissionPolicy", "ValidatingAdmissionPolicy"])("is bound to whoever asks: %s", (kind) => {
    const [pods, namespaces] = bindingsOf(objects, kind);
    const { name } = only(objects, kind).metadata;
    expect([pods.spec.policyName, namespaces.spec.policyName]).toEqual([name, name]);
    expect(pods.spec.matchResources.objectSelector.matchExpressions).toEqual([
      { key: "onceward.dev/inject", operator: "In", values: ["enabled"] },
    ]);
    const asks = namespaces.spec.matchResources.namespaceSelector.matchExpressions[0];
    expect(asks).toEqual({ key: "onceward.dev/inject", operator: "In", values: ["enabled"] });
  });

  it("keeps from starting only what asks itself", () => {
    const actions = bindingsOf(objects, "ValidatingAdmissionPolicy").map(({ spec }) => spec.validationActions);
    expect(actions).toEqual([["Deny"], ["Warn"]]);
  });

  it("is not bound to namespaces where these have no say", () => {
    const alone = render({ policy: { namespaceOptIn: false } });
    expect(bindingsOf(alone, "MutatingAdmissionPolicy")).toHaveLength(1);
    expect(bindingsOf(alone, "ValidatingAdmissionPolicy")).toHaveLength(1);
  });

  it("puts in the same container as the webhook: both come from the library", () => {
    const webhook = charts.render({ values: { sidecar: SIDECAR } });
    const template = JSON.parse(only(webhook, "ConfigMap").data["sidecar.json"]);
    const written = expressions(policy).at(-1) ?? "";
    for (const { name, value } of template.variants.tcp.sidecar.env) {
      expect(written).toContain(`{name: ${JSON.stringify(name)}, value: ${JSON.stringify(value)}}`);
    }
    // Every scalar of the container, wherever it stands, is in the expression.
    const scalars: unknown[] = [];
    JSON.stringify(template.variants.tcp.sidecar, (_, value) => {
      if (typeof value !== "object") scalars.push(value);
      return value;
    });
    expect(scalars.length).toBeGreaterThan(40);
    expect(scalars.filter((value) => !written.includes(JSON.stringify(value)))).toEqual([]);
  });

  it("writes a text of CEL so that it means what was said", () => {
    const value = `a "quoted" \\ <b> & 'c'\n`;
    const said = render({ sidecar: { ...SIDECAR, extraEnv: [{ name: "X", value }] } });
    const written = expressions(only(said, "MutatingAdmissionPolicy")).at(-1) ?? "";
    const [, literal = ""] = /\{name: "X", value: ("(?:[^"\\]|\\.)*")\}/.exec(written) ?? [];
    expect(JSON.parse(literal)).toBe(value);
    expect(written).not.toContain("\\u003c");
  });

  it("refuses a pod on the node's network, unless on a socket", () => {
    const words = (one: Manifest) => one.spec.validations.map(({ expression }: Manifest) => expression).join("\n");
    expect(words(guard)).toContain("hostNetwork");
    const uds = only(render({ sidecar: { ...SIDECAR, transport: "uds" } }), "ValidatingAdmissionPolicy");
    expect(words(uds)).not.toContain("hostNetwork");
  });
});
