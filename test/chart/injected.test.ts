import { execFileSync } from "node:child_process";
import { afterAll, describe, expect, it } from "vitest";
import { HELM_3, HELM_4 } from "../../scripts/support/kubernetes.ts";
import { decide } from "../../src/inject/decide.ts";
import { readTemplate } from "../../src/inject/template.ts";
import { apply, type Json } from "../inject/apply.ts";
import { INJECTED } from "../inject/pods.ts";
import fixture from "../inject/sidecar.json" with { type: "json" };
import { Charts, only } from "./support/helm.ts";
import { whyNotContainer } from "./support/restricted.ts";
import { faultsOf } from "./support/validate.ts";

const charts = new Charts();
afterAll(() => charts.remove());

const rendered = charts.render({
  values: {
    sidecar: { image: { repository: "registry.example/onceward" }, store: { url: "redis://redis.data:6379" } },
  },
});
const text: string = only(rendered, "ConfigMap").data["sidecar.json"];
const template = readTemplate(text);

/** Members that no Kubernetes knows, and null where it wants a list: taken off before it is asked. */
const UNKNOWN = /^(future|ours)$/;
function known(value: Json): Json {
  const text = JSON.stringify(value, (name, inner) => (UNKNOWN.test(name) || inner === null ? undefined : inner));
  return JSON.parse(text);
}

function patchOf(pod: Json) {
  const decision = decide(pod, template);
  if (decision.kind !== "inject") throw new Error(JSON.stringify(decision));
  return decision.patch;
}

describe("the template that the tests of the injector use", () => {
  it("is the one that the chart renders", () => {
    expect(JSON.parse(text)).toEqual(fixture);
  });

  it("has a restricted sidecar in every shape", () => {
    for (const { sidecar, legacySidecar } of Object.values(template.variants)) {
      expect([...whyNotContainer(sidecar), ...whyNotContainer(legacySidecar)]).toEqual([]);
    }
  });
});

describe("pods as they come out", () => {
  it("are taken by Kubernetes, unknown fields refused, where they were before", () => {
    const pods = INJECTED.map(({ pod }) => ({ before: known(pod), after: known(apply(pod, patchOf(pod))) }));
    const ask = (which: "before" | "after") =>
      faultsOf(pods.map((one) => ({ version: "1.36", object: { ...one[which], apiVersion: "v1", kind: "Pod" } })));
    expect(ask("before")).toEqual(INJECTED.map(() => []));
    expect(ask("after")).toEqual(INJECTED.map(() => []));
  });

  it.each(INJECTED)("are what kubectl makes of the patch: $name", ({ pod }) => {
    const before = { ...known(pod), metadata: { name: "app", ...known(pod).metadata } };
    const patch = JSON.stringify(patchOf(before));
    for (const { kubectl } of [HELM_3, HELM_4]) {
      const args = ["patch", "--local", "-f", "-", "--type=json", "-p", patch, "-o", "json"];
      const after = execFileSync(kubectl, args, { input: JSON.stringify(before), env: { HOME: charts.path } });
      expect(withoutEmpty(JSON.parse(after.toString()))).toEqual(withoutEmpty(apply(before, JSON.parse(patch))));
    }
  });

  /** kubectl writes what its types hold: defaults that are empty come and go. */
  function withoutEmpty(value: Json): Json {
    if (Array.isArray(value)) return value.map(withoutEmpty);
    if (typeof value !== "object" || value === null) return value;
    const isEmpty = (one: Json) => one === null || (typeof one === "object" && Object.keys(one).length === 0);
    const inner = Object.entries(value).map(([name, one]) => [name, withoutEmpty(one)] as const);
    return Object.fromEntries(inner.filter(([name, one]) => name !== "status" && !isEmpty(one)));
  }
});
