import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Decision, decide } from "../../src/inject/decide.ts";
import { readTemplate } from "../../src/inject/template.ts";
import { apply, type Json } from "./apply.ts";
import { INJECTED, OTHERS, pod } from "./pods.ts";

const template = readTemplate(readFileSync(new URL("./sidecar.json", import.meta.url), "utf8"));
const LEFT: Decision = { kind: "leave", why: "injected already", warnings: [] };

function injected(given: Json, by = template): Json {
  const decision = decide(given, by);
  if (decision.kind !== "inject") throw new Error(JSON.stringify(decision));
  return apply(given, decision.patch);
}

const marked = (list: readonly Json[] | undefined) =>
  (list ?? []).map(({ name, restartPolicy }) => (restartPolicy === "Always" ? `${name}*` : name));
const sidecarOf = ({ spec }: Json) =>
  [...(spec.initContainers ?? []), ...spec.containers].find(({ name }) => name === "onceward");
const envOf = ({ env }: Json) => Object.fromEntries(env.map((one: Json) => [one.name, one.value ?? one.valueFrom]));

describe("a pod that asks for the sidecar", () => {
  it.each(INJECTED)("gets it: $name", ({ pod: given, inits, containers, volumes = [], warnings = [] }) => {
    const decision = decide(given, template);
    const { spec } = injected(given);
    expect(marked(spec.initContainers)).toEqual(inits);
    expect(marked(spec.containers)).toEqual(containers);
    expect((spec.volumes ?? []).map(({ name }: Json) => name)).toEqual(volumes);
    const told = decision.kind === "inject" ? decision.warnings : [];
    expect(told).toEqual(warnings.map((word) => expect.stringContaining(word)));
  });

  it.each(INJECTED)("is left as it is the second time: $name", ({ pod: given }) => {
    expect(decide(injected(given), template)).toEqual(LEFT);
  });

  it.each(INJECTED)("tells every container of the app where the sidecar is: $name", ({ pod: given }) => {
    const { spec } = injected(given);
    const address = envOf(sidecarOf({ spec })).ONCEWARD_LISTEN;
    for (const container of spec.containers.filter(({ name }: Json) => name !== "onceward")) {
      const own = given.spec.containers.find(({ name }: Json) => name === container.name).env ?? [];
      const said = own.find(({ name }: Json) => name === "ONCEWARD_ADDRESS")?.value;
      expect(envOf(container).ONCEWARD_ADDRESS).toBe(said ?? address);
    }
  });

  it("may refer to the address in its own variables", () => {
    const given = pod({ containers: [{ name: "app", env: [{ name: "A", value: "http://$(ONCEWARD_ADDRESS)" }] }] });
    expect(injected(given).spec.containers[0].env.map(({ name }: Json) => name)).toEqual(["ONCEWARD_ADDRESS", "A"]);
  });

  it("is marked with what was put into it", () => {
    const { metadata } = injected(pod());
    expect(metadata.labels).toEqual({ "onceward.dev/inject": "enabled", "onceward.dev/sidecar": "true" });
    const status = JSON.parse(metadata.annotations["onceward.dev/status"]);
    expect(status).toEqual({ version: template.version, template: template.hash, native: true });
  });

  it("goes on meaning the app where no container is named, though an ordinary sidecar stands first", () => {
    const annotations = { "onceward.dev/native-sidecar": "false" };
    const name = "kubectl.kubernetes.io/default-container";
    expect(injected(pod({}, annotations)).metadata.annotations[name]).toBe("app");
    expect(injected(pod({}, { ...annotations, [name]: "other" })).metadata.annotations[name]).toBe("other");
    expect(injected(pod()).metadata.annotations).not.toHaveProperty(name);
  });
});

describe("a pod that does not, or cannot have it", () => {
  it.each(OTHERS)("is told why: $name", ({ pod: given, kind, why }) => {
    expect(decide(given, template)).toMatchObject({ kind, why: expect.stringContaining(why) });
  });
});

describe("a pod that only its namespace asks for", () => {
  it("is told when it starts without, and nobody else is", () => {
    const agent = { ...pod({ hostNetwork: true }), metadata: { name: "agent", labels: { app: "agent" } } };
    expect(decide(agent, template)).toMatchObject({ kind: "leave", warnings: [expect.stringContaining("without")] });
    const refused = decide(pod({ hostNetwork: true }), template);
    expect(refused).not.toHaveProperty("warnings");
  });
});

describe("a pod of ours that another webhook has stripped", () => {
  const stripped = injected(pod({ initContainers: [{ name: "proxy", restartPolicy: "Always" }, { name: "migrate" }] }));
  delete stripped.spec.initContainers[1].restartPolicy;

  it("is mended: without restartPolicy it would wait for the sidecar to end", () => {
    const decision = decide(stripped, template);
    expect(decision).toMatchObject({ kind: "mend", warnings: [expect.stringContaining("restartPolicy")] });
    const mended = apply(stripped, decision.kind === "mend" ? decision.patch : []);
    expect(marked(mended.spec.initContainers)).toEqual(["proxy*", "onceward*", "migrate"]);
    expect(decide(mended, template)).toEqual(LEFT);
  });
});

describe("what a pod may say about its sidecar", () => {
  const sidecarWith = (annotations: Readonly<Record<string, string>>) => sidecarOf(injected(pod({}, annotations)));

  it("is its store, by name or by secret", () => {
    const store = (annotations: Readonly<Record<string, string>>) => envOf(sidecarWith(annotations)).ONCEWARD_STORE;
    expect(store({})).toBe("redis://redis.data:6379");
    expect(store({ "onceward.dev/store": "redis://mine:6379/2" })).toBe("redis://mine:6379/2");
    expect(store({ "onceward.dev/store-secret": "s" })).toEqual({ secretKeyRef: { name: "s", key: "store" } });
    expect(store({ "onceward.dev/store-secret": "s/url" })).toEqual({ secretKeyRef: { name: "s", key: "url" } });
    expect(store({ "onceward.dev/store": "embedded" })).toBe("embedded:/var/lib/onceward/store");
    expect(store({ "onceward.dev/store": "embedded:/var/lib/onceward/x" })).toBe("embedded:/var/lib/onceward/x");
  });

  it("is what it may use, each amount by itself", () => {
    const amounts = { "onceward.dev/cpu-limit": "500m", "onceward.dev/memory-limit": "512Mi" };
    expect(sidecarWith(amounts).resources).toEqual({
      requests: { cpu: "25m", memory: "128Mi" },
      limits: { cpu: "500m", memory: "512Mi" },
    });
    const requests = { "onceward.dev/cpu-request": "1", "onceward.dev/memory-request": "1Gi" };
    expect(sidecarWith(requests).resources).toEqual({
      requests: { cpu: "1", memory: "1Gi" },
      limits: { memory: "256Mi" },
    });
  });

  it("is how much it logs", () => {
    expect(envOf(sidecarWith({ "onceward.dev/log-level": "debug" })).ONCEWARD_LOG_LEVEL).toBe("debug");
  });

  it("is where its records lie, which then is mounted and nothing else", () => {
    const volumes = [{ name: "claim", persistentVolumeClaim: { claimName: "c" } }];
    const annotations = { "onceward.dev/store": "embedded", "onceward.dev/data-volume": "claim" };
    const result = injected(pod({ volumes }, annotations));
    expect(sidecarOf(result).volumeMounts).toEqual([{ name: "claim", mountPath: "/var/lib/onceward" }]);
    expect(result.spec.volumes).toEqual(volumes);
  });
});

describe("a platform whose pods keep their records themselves", () => {
  const embedded = { ...template, isEmbedded: true };

  it("is warned in each of them, unless it knows", () => {
    const warningsBy = (by: typeof template) => {
      const decision = decide(pod(), by);
      return decision.kind === "inject" ? decision.warnings : undefined;
    };
    expect(warningsBy(embedded)).toEqual([expect.stringContaining("end with it")]);
    expect(warningsBy({ ...embedded, acknowledgedPerPod: true })).toEqual([]);
  });

  it("may have pods that do not", () => {
    const result = injected(pod({}, { "onceward.dev/store": "redis://r" }), embedded);
    expect(result.spec).not.toHaveProperty("volumes");
    expect(sidecarOf(result)).not.toHaveProperty("volumeMounts");
  });
});
