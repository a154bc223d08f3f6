import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decide } from "../../src/inject/decide.ts";
import { readTemplate } from "../../src/inject/template.ts";
import { Charts, type Manifest } from "../chart/support/helm.ts";
import { anyPod } from "../inject/any-pod.ts";
import { apply, type Json } from "../inject/apply.ts";
import { INJECTED, pod } from "../inject/pods.ts";
import { killAll } from "../support/sidecar.ts";
import { ApiServer, type Outcome } from "./support/api-server.ts";
import { install, NAMESPACES, type Release, SIDECAR, templateOf } from "./support/release.ts";

const charts = new Charts();
/** Three API servers: one that has the webhook, one that has the policy, and one that never heard of onceward. */
const [webhook, policy, bare] = [new ApiServer(), new ApiServer(), new ApiServer()];
const releases: Release[] = [];

/** Installs the chart by both modes, with those values of the sidecar. */
async function installBoth(sidecar: object = {}): Promise<void> {
  const values = { sidecar: { ...SIDECAR, ...sidecar } };
  const [byWebhook, byPolicy] = [await install(charts, "webhook", values), await install(charts, "policy", values)];
  releases.push(byWebhook, byPolicy);
  await webhook.setUp(byWebhook.cluster);
  await policy.setUp(byPolicy.cluster);
}

beforeAll(async () => {
  await installBoth();
  await bare.setUp({ objects: NAMESPACES });
});
afterAll(async () => {
  await Promise.all([webhook, policy, bare].map((server) => server.stop()));
  await killAll();
  for (const release of releases) release.remove();
  charts.remove();
});

/** Members that no Kubernetes knows. */
const UNKNOWN = /^(future|ours|x-new|a\/b~c)$/;
function known(value: Json): Json {
  return JSON.parse(JSON.stringify(value, (name, inner) => (UNKNOWN.test(name) ? undefined : inner)));
}

/** Of a policy, a pod cannot ask for anything else than the sidecar as it is. */
const ASKS_MORE = /^onceward\.dev\//;
function asksNoMore({ pod: given }: { readonly pod: Json }): boolean {
  return !Object.keys(given.metadata.annotations ?? {}).some((name) => ASKS_MORE.test(name));
}

const marked = (list: readonly Json[] | undefined) =>
  (list ?? []).map(({ name, restartPolicy }) => (restartPolicy === "Always" ? `${name}*` : name));

/** The status says how it came; everything else is to be the same. */
function withoutStatus({ object, ...rest }: Outcome) {
  if (object === undefined) return rest;
  const { annotations, ...metadata } = object.metadata;
  const { "onceward.dev/status": status, ...others } = annotations ?? {};
  expect(status).toContain('"version"');
  return { ...rest, object: { ...object, metadata: { ...metadata, annotations: others } } };
}

describe("the API server with the webhook", () => {
  it.each(INJECTED)("makes of it a pod that it takes itself: $name", async (one) => {
    const given = known(one.pod);
    const { object, refused, unknown, invalid, warnings } = await webhook.create("shop", given);
    expect({ refused, unknown }).toEqual({});
    expect(marked(object.spec.initContainers)).toEqual(one.inits);
    expect(marked(object.spec.containers)).toEqual(one.containers);
    expect(invalid).toEqual((await bare.create("shop", given)).invalid);
    const told = (warnings ?? []).filter((warning) => warning.startsWith("onceward: "));
    expect(told).toHaveLength(one.warnings?.length ?? 0);
    for (const word of one.warnings ?? []) expect(told.join("\n")).toContain(word);
  });

  it.each(INJECTED)("gets nothing from the webhook that it does not know: $name", async (one) => {
    const given = known(one.pod);
    const decision = decide(given, readTemplate(templateOf(releases[0]!)));
    const patched = decision.kind === "inject" ? apply(given, decision.patch) : undefined;
    expect((await webhook.check({ apiVersion: "v1", ...patched })).unknown).toBeUndefined();
  });
});

describe.each([
  ["webhook", webhook],
  ["policy", policy],
])("a restricted pod, by the %s", (_mode, server) => {
  const securityContext = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
    runAsNonRoot: true,
  };
  const restricted: Manifest = pod({ containers: [{ name: "app", image: "app:1", securityContext }] });

  it("is still one afterwards", async () => {
    const { violations, invalid, object } = await server.create("apps", restricted);
    expect({ violations, invalid }).toEqual({});
    expect(marked(object.spec.initContainers)).toEqual(["onceward*"]);
  });

  it("is told from one that is not", async () => {
    const { violations } = await server.create("apps", pod());
    expect(violations?.join()).toContain('container "app"');
    expect(violations?.join()).not.toContain('"onceward"');
  });
});

describe.each([
  ["as it comes", {}],
  ["on a socket", { transport: "uds" }],
  ["as an ordinary container", { nativeSidecar: false }],
  ["with records in the pod", { store: { acknowledgePerPodScope: true } }],
  ["with much said", { failOpen: true, settings: { retention: "48h" }, extraEnv: [{ name: "X", value: `"\\\n<é` }] }],
])("the API server with the policy: a sidecar %s", (_what, sidecar) => {
  beforeAll(() => installBoth(sidecar));

  it.each(INJECTED.filter(asksNoMore))("makes of it the pod that the webhook makes: $name", async (one) => {
    const given = known(one.pod);
    const [byPolicy, byWebhook] = [await policy.create("shop", given), await webhook.create("shop", given)];
    // Ports that meet are told by the webhook only: a policy has no warnings.
    expect(withoutStatus({ ...byPolicy, warnings: [] })).toEqual(withoutStatus({ ...byWebhook, warnings: [] }));
  });

  it("does so with hundreds of any shape", { timeout: 120_000 }, async () => {
    const seed = Number(process.env.ONCEWARD_SEED ?? Date.now() % 1_000_000);
    const kinds = { injected: 0, left: 0, refused: 0 };
    for (const one of fc.sample(anyPod, { seed, numRuns: 200 })) {
      const given = known(one);
      for (const name of Object.keys(given.metadata.annotations ?? {})) {
        if (ASKS_MORE.test(name)) delete given.metadata.annotations[name];
      }
      const [byPolicy, byWebhook] = [await policy.create("shop", given), await webhook.create("shop", given)];
      if (byWebhook.refused) kinds.refused++;
      else if (byWebhook.object.metadata.annotations?.["onceward.dev/status"]) kinds.injected++;
      else kinds.left++;
      const [left, right] = [byPolicy, byWebhook].map(comparable);
      expect(left, `ONCEWARD_SEED=${seed}, ${JSON.stringify(given)}`).toEqual(right);
    }
    // A run that hardly injected, or never left a pod alone, would have shown little.
    expect(kinds.injected, JSON.stringify(kinds)).toBeGreaterThan(50);
    expect(kinds.left, JSON.stringify(kinds)).toBeGreaterThan(5);
  });

  function comparable(outcome: Outcome) {
    const { refused, object } = outcome;
    if (refused !== undefined) return "refused";
    if (!object.metadata.annotations?.["onceward.dev/status"]) return { object };
    return withoutStatus({ ...outcome, warnings: [] });
  }
});
