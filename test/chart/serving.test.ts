import { X509Certificate } from "node:crypto";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { apply } from "../inject/apply.ts";
import { pod } from "../inject/pods.ts";
import { startReceiver } from "../support/otlp-receiver.ts";
import { killAll, type RunningSidecar } from "../support/sidecar.ts";
import { Charts } from "./support/helm.ts";
import { call, InjectorFiles, renderFor, review, spawnInjector, startInjector } from "./support/injector.ts";

const charts = new Charts();
const rendered = renderFor(charts);
const anew = renderFor(charts, {
  sidecar: { image: { repository: "registry.example/other" }, store: { url: "redis://other:6379" } },
});
afterAll(() => charts.remove());

let files: InjectorFiles;
beforeEach(() => {
  files = new InjectorFiles();
  files.writeAll(rendered);
});
afterEach(async () => {
  await killAll();
  files.remove();
});

const BOUND = { timeout: 25_000 };
const start = () => startInjector(files.environment());
const ask = (injector: RunningSidecar, body = review(pod()), ca = rendered.ca) =>
  call(injector.ready.listen, { ca, body });
const lines = (injector: RunningSidecar) =>
  injector
    .stdout()
    .split("\n")
    .slice(0, -1) // what stands behind the last end of a line is not whole
    .map((line) => JSON.parse(line));
const said = (injector: RunningSidecar, msg: string) =>
  vi.waitUntil(() => lines(injector).find((one) => one.msg === msg), BOUND);
const ops = async ({ ready }: RunningSidecar, path: string) => {
  const response = await fetch(`http://${ready.ops}${path}`);
  return { status: response.status, text: await response.text() };
};
const metric = async (injector: RunningSidecar, name: string) => {
  const line = (await ops(injector, "/metrics")).text.split("\n").find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length));
};
const certificateOf = (pem: string) => new X509Certificate(pem).raw.toString("base64");

describe("an injector", () => {
  it("answers the API server with a patch that puts the sidecar in", async () => {
    const injector = await start();
    const { status, text, shown } = await ask(injector);
    const { apiVersion, kind, response } = JSON.parse(text);
    expect([status, apiVersion, kind]).toEqual([200, "admission.k8s.io/v1", "AdmissionReview"]);
    expect(response).toMatchObject({ uid: "u-1", allowed: true, patchType: "JSONPatch" });
    expect(response).not.toHaveProperty("warnings");
    const patched = apply(pod(), JSON.parse(Buffer.from(response.patch, "base64").toString()));
    expect(patched.spec.initContainers).toMatchObject([{ name: "onceward", restartPolicy: "Always" }]);
    expect(shown).toBe(certificateOf(rendered.certificate));
  });

  it("allows what is not its affair, without a patch", async () => {
    const injector = await start();
    const deployment = { kind: { group: "apps", version: "v1", kind: "Deployment" } };
    for (const body of [review(pod(), { operation: "UPDATE" }), review({}, deployment), review({})]) {
      const { response } = JSON.parse((await ask(injector, body)).text);
      expect(response).toEqual({ uid: "u-1", allowed: true });
    }
  });

  it("refuses a pod that cannot have it, in words, and tells warnings that fit", async () => {
    const injector = await start();
    const refused = JSON.parse((await ask(injector, review(pod({ hostNetwork: true })))).text).response;
    expect(refused).toMatchObject({ uid: "u-1", allowed: false, status: { code: 403, reason: "Forbidden" } });
    expect(refused.status.message).toContain("onceward.dev/transport: uds");
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`onceward.dev/${"x".repeat(60)}${n}`, ""]));
    const { warnings } = JSON.parse((await ask(injector, review(pod({}, many)))).text).response;
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings.join("").length).toBeLessThanOrEqual(4096);
    expect(warnings.every((warning: string) => warning.length <= 256)).toBe(true);
  });

  it("takes no part of what is no review, so that the failure policy decides", async () => {
    const injector = await start();
    const beta = review(pod()).replace("admission.k8s.io/v1", "admission.k8s.io/v1beta1");
    for (const body of ["", "{", "null", "[]", beta, review(pod(), { uid: "" })]) {
      expect((await ask(injector, body)).status).toBe(400);
    }
    expect((await ask(injector, "x".repeat(4 * 1024 * 1024 + 1))).status).toBe(413);
    const { ca } = rendered;
    expect((await call(injector.ready.listen, { ca, body: "", method: "GET" })).status).toBe(405);
    expect((await call(injector.ready.listen, { ca, body: "", path: "/" })).status).toBe(404);
    expect(await metric(injector, 'onceward_injector_reviews_total{result="invalid"}')).toBe(6);
    expect((await ask(injector)).status).toBe(200);
  });

  it("goes on with the trace of the API server in a span that says what it decided", async () => {
    const receiver = await startReceiver();
    try {
      const exported = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.grpcUrl, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" };
      const soon = { OTEL_BSP_SCHEDULE_DELAY: "50", OTEL_METRICS_EXPORTER: "none" };
      const injector = await startInjector({ ...files.environment(), ...exported, ...soon });
      const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
      await call(injector.ready.listen, { ca: rendered.ca, body: review(pod()), headers: { traceparent } });
      const span = await vi.waitUntil(() => receiver.spans.find(({ name }) => name === "onceward.inject"), BOUND);
      expect(span).toMatchObject({
        ...{ traceId: "0af7651916cd43dd8448eb211c80319c", parentId: "b7ad6b7169203331" },
        attributes: { "onceward.inject.decision": "inject" },
      });
      const { trace_id, span_id } = await said(injector, "a pod gets its sidecar");
      expect({ trace_id, span_id }).toEqual({ trace_id: span.traceId, span_id: span.spanId });
    } finally {
      await receiver.stop();
    }
  });

  it("says in its log whose pod it was, under the trace of the API server", async () => {
    const injector = await start();
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await call(injector.ready.listen, { ca: rendered.ca, body: review(pod()), headers: { traceparent } });
    expect(await said(injector, "a pod gets its sidecar")).toMatchObject({
      ...{ uid: "u-1", namespace: "shop", pod: "app-" },
      ...{ trace_id: "0af7651916cd43dd8448eb211c80319c", span_id: "b7ad6b7169203331" },
    });
    await call(injector.ready.listen, {
      ca: rendered.ca,
      body: review(pod({ hostNetwork: true })),
      headers: { traceparent: `00-${"0".repeat(32)}-b7ad6b7169203331-01` },
    });
    expect(await said(injector, "a pod is refused")).not.toHaveProperty("trace_id");
  });

  it("counts what it does, and tells when its certificate ends", async () => {
    const injector = await start();
    await ask(injector);
    await ask(injector, review(pod({ hostNetwork: true })));
    await ask(injector, review({}));
    const count = (result: string) => metric(injector, `onceward_injector_reviews_total{result="${result}"}`);
    expect([await count("inject"), await count("refuse"), await count("leave"), await count("mend")]).toEqual([
      1, 1, 1, 0,
    ]);
    const ends = new X509Certificate(rendered.certificate).validToDate.getTime() / 1000;
    expect(await metric(injector, "onceward_injector_cert_expiry_timestamp_seconds")).toBe(ends);
  });
});

describe("an injector whose files are replaced", () => {
  it("shows the new certificate, without a restart", async () => {
    const injector = await start();
    files.write("tls.crt", anew.certificate);
    files.write("tls.key", anew.key);
    await said(injector, "a new certificate is in use");
    const { shown, status } = await ask(injector, review(pod()), anew.ca);
    expect([status, shown]).toEqual([200, certificateOf(anew.certificate)]);
    await expect(ask(injector)).rejects.toThrow(); // by the old CA
    expect(await metric(injector, 'onceward_injector_reloads_total{what="certificate",result="taken"}')).toBe(1);
  });

  it("goes on with the last good one while only half of a pair is there", async () => {
    const injector = await start();
    files.write("tls.crt", anew.certificate);
    const refused = 'onceward_injector_reloads_total{what="certificate",result="refused"}';
    await vi.waitUntil(async () => (await metric(injector, refused)) === 1, BOUND);
    expect((await ask(injector)).shown).toBe(certificateOf(rendered.certificate));
    files.write("tls.key", anew.key);
    await said(injector, "a new certificate is in use");
    expect((await ask(injector, review(pod()), anew.ca)).status).toBe(200);
    expect(await metric(injector, refused)).toBe(1); // told once, however often it looked
  });

  it("puts the new sidecar into pods, and no broken one", async () => {
    const injector = await start();
    const image = async () => {
      const { response } = JSON.parse((await ask(injector)).text);
      const patched = apply(pod(), JSON.parse(Buffer.from(response.patch, "base64").toString()));
      return patched.spec.initContainers[0].image.split(":")[0];
    };
    files.write("sidecar.json", "{}");
    await said(injector, "the template is not taken; the last good one stays in use");
    expect(await image()).toBe("registry.example/onceward");
    files.write("sidecar.json", anew.template);
    await said(injector, "a new template is in use");
    expect(await image()).toBe("registry.example/other");
  });
});

describe("an injector's life", () => {
  it("begins with one line that says where it listens, and health beside it without TLS", async () => {
    const injector = await start();
    expect(lines(injector)[0]).toMatchObject({
      msg: "onceward injects",
      listen: expect.stringMatching(/^127\.0\.0\.1:[1-9]\d*$/),
      ops: expect.stringMatching(/^127\.0\.0\.1:[1-9]\d*$/),
    });
    expect(await ops(injector, "/livez")).toEqual({ status: 200, text: "ok\n" });
    expect(await ops(injector, "/readyz")).toEqual({ status: 200, text: "ok\n" });
    expect((await ops(injector, "/inject")).status).toBe(404);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("ends on %s, with 0", async (signal) => {
    const injector = await start();
    await ask(injector);
    injector.signal(signal);
    expect(await injector.exited).toEqual({ code: 0, signal: null });
    expect(injector.stderr()).toBe("");
  });

  it.each([
    ["a template that is none", "sidecar.json", "{}", "the template is not one of this version"],
    ["a template that is no JSON", "sidecar.json", "{", "the template is no JSON"],
    ["a key of another certificate", "tls.key", anew.key, "the private key is not the certificate's"],
    ["a certificate that is none", "tls.crt", "PEM", "cannot start"],
  ] as const)("does not begin with %s", async (_what, file, text, why) => {
    files.write(file, text);
    const injector = spawnInjector(files.environment());
    expect(await injector.exited).toEqual({ code: 1, signal: null });
    expect(injector.stderr()).toContain(why);
  });

  it("does not begin with bad settings, and names them all", async () => {
    const env = { ...files.environment(), ONCEWARD_INJECT_LISTEN: "unix:/x", ONCEWARD_INJECT_DRAIN: "soon" };
    const injector = spawnInjector(env);
    expect(await injector.exited).toEqual({ code: 78, signal: null });
    expect(injector.stderr()).toMatch(/^ONCEWARD_INJECT_LISTEN: .*\nONCEWARD_INJECT_DRAIN: .*\n$/);
  });

  it("tells of a variable that is no setting", async () => {
    const injector = await startInjector({ ...files.environment(), ONCEWARD_INJECT_LISTE: "x" });
    const line = await said(injector, "this variable is no setting of onceward and is ignored");
    expect(line).toMatchObject({ name: "ONCEWARD_INJECT_LISTE" });
  });
});
