import { X509Certificate } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { readTemplate } from "../../src/inject/template.ts";
import { Charts, HELMS, only } from "./support/helm.ts";

const charts = new Charts();
afterAll(() => charts.remove());

const REDIS = { sidecar: { store: { url: "redis://redis.data:6379" } } };

describe.each(HELMS)("the injector as %s renders it", (_major, helm) => {
  const objects = charts.render({ helm, values: REDIS });

  it("is shown a template that the injector takes", () => {
    const { data } = only(objects, "ConfigMap");
    const template = readTemplate(data["sidecar.json"]);
    expect(template).toMatchObject({ native: true, transport: "tcp", isEmbedded: false });
  });

  it("has a certificate for the name that the API server calls it by", () => {
    const { data } = only(objects, "Secret");
    const [certificate, ca] = [data["tls.crt"], data["ca.crt"]].map((text) => Buffer.from(text, "base64"));
    const leaf = new X509Certificate(certificate!);
    expect(leaf.checkHost("test-onceward-injector.onceward.svc")).toBeDefined();
    expect(leaf.verify(new X509Certificate(ca!).publicKey)).toBe(true);
    for (const { clientConfig } of only(objects, "MutatingWebhookConfiguration").webhooks) {
      expect(Buffer.from(clientConfig.caBundle, "base64")).toEqual(ca);
      expect(clientConfig.service).toMatchObject({ name: "test-onceward-injector", namespace: "onceward" });
    }
  });
});
