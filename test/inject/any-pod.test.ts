import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/inject/decide.ts";
import { readTemplate } from "../../src/inject/template.ts";
import { anyPod } from "./any-pod.ts";
import { apply, type Json } from "./apply.ts";

const template = readTemplate(readFileSync(new URL("./sidecar.json", import.meta.url), "utf8"));
const RUNS = { numRuns: 1000, ...(process.env.ONCEWARD_SEED && { seed: Number(process.env.ONCEWARD_SEED) }) };

/** What injection added, taken away again. */
function without(pod: Json, given: Json): Json {
  const rest = structuredClone(pod);
  const drop = (list: Json[], names: RegExp, before: Json[] | null | undefined) =>
    list.filter(({ name }) => !names.test(name) || before?.some((one) => one.name === name));
  const { spec, metadata } = rest;
  for (const map of ["labels", "annotations"]) {
    for (const name of ["onceward.dev/sidecar", "onceward.dev/status", "kubectl.kubernetes.io/default-container"]) {
      if (given.metadata?.[map]?.[name] === undefined) delete metadata[map]?.[name];
    }
  }
  for (const list of ["containers", "initContainers"]) {
    if (spec[list]) spec[list] = drop(spec[list], /^onceward$/, given.spec[list]);
  }
  if (spec.volumes) spec.volumes = drop(spec.volumes, /^onceward-/, given.spec.volumes);
  for (const container of spec.containers) {
    const before = given.spec.containers.find(({ name }: Json) => name === container.name);
    if (container.env) container.env = drop(container.env, /^ONCEWARD_ADDRESS$/, before.env);
    if (container.volumeMounts)
      container.volumeMounts = drop(container.volumeMounts, /^onceward-/, before.volumeMounts);
  }
  return rest;
}

/** A list or map that is empty and one that is not there mean the same to Kubernetes. */
function plain(value: Json, isOurs = true): Json {
  if (Array.isArray(value)) return value.map((one) => plain(one));
  if (typeof value !== "object" || value === null) return value;
  const may = /^(labels|annotations|initContainers|volumes|env|volumeMounts|metadata)$/;
  const isEmpty = (one: Json) => one === null || one === undefined || Object.keys(one).length === 0;
  const kept = Object.entries(value).filter(([name, one]) => !(isOurs && may.test(name) && isEmpty(one)));
  const inner = kept.map(([name, one]) => [name, plain(one)]);
  return Object.fromEntries(inner.filter(([name, one]) => !(may.test(String(name)) && isEmpty(one))));
}

describe("any pod at all", () => {
  it("is given one sidecar, or refused, and nothing else of it changes", () => {
    const kinds = new Map<string, number>();
    const holds = (given: Json) => {
      const before = JSON.stringify(given);
      const decision = decide(given, template);
      kinds.set(decision.kind, (kinds.get(decision.kind) ?? 0) + 1);
      expect(JSON.stringify(given)).toBe(before);
      if (decision.kind !== "inject") return;
      const injected = apply(given, decision.patch);
      const { initContainers, containers } = injected.spec;
      const all = [...(initContainers ?? []), ...containers];
      expect(all.filter(({ name }: Json) => name === "onceward")).toHaveLength(1);
      expect(plain(without(injected, given))).toEqual(plain(given));
      expect(decide(injected, template)).toMatchObject({ kind: "leave", why: "injected already" });
    };
    fc.assert(fc.property(anyPod, holds), RUNS);
    // A run that never injected, or never refused, would have shown little.
    expect(kinds.get("inject")).toBeGreaterThan(300);
    expect(kinds.get("refuse")).toBeGreaterThan(10);
    expect(kinds.get("leave")).toBeGreaterThan(10);
  });

  it("may be anything else in the world: nobody falls over it", () => {
    const holds = (given: unknown) => {
      expect(["inject", "leave", "refuse", "mend"]).toContain(decide(given, template).kind);
    };
    fc.assert(fc.property(fc.anything(), holds), RUNS);
    const strange = fc.record({ metadata: fc.anything(), spec: fc.record({ containers: fc.anything() }) });
    fc.assert(fc.property(strange, holds), RUNS);
  });
});
