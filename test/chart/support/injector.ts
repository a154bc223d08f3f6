/** An injector as its pod starts it, from what the chart renders: files, a process, and the calls of an API server. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { fileURLToPath } from "node:url";
import { spawnSidecar, startProcess } from "../../support/sidecar.ts";
import { type Charts, type Manifest, only } from "./helm.ts";

const MAIN = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));
const COMMAND = [process.execPath, MAIN, "inject"] as const;
/** How the API server calls it: the service of the release, by a name that no resolver here knows. */
const HOST = "test-onceward-injector.onceward.svc";
const VALUES = {
  sidecar: { image: { repository: "registry.example/onceward" }, store: { url: "redis://redis.data:6379" } },
};

/** What one render gives the injector. Every render has another certificate. */
export interface Rendered {
  readonly template: string;
  readonly certificate: string;
  readonly key: string;
  readonly ca: string;
}

export function renderFor(charts: Charts, more: object = {}): Rendered {
  return renderedFrom(charts.render({ values: { ...VALUES, ...more } }));
}

export function renderedFrom(objects: readonly Manifest[]): Rendered {
  const { data } = only(objects, "Secret");
  const [certificate, key, ca] = ["tls.crt", "tls.key", "ca.crt"].map((name) =>
    Buffer.from(data[name], "base64").toString(),
  );
  return {
    template: only(objects, "ConfigMap").data["sidecar.json"],
    certificate: certificate ?? "",
    key: key ?? "",
    ca: ca ?? "",
  };
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The whole certificate that was shown, as base64. */
  readonly shown: string;
}

export class InjectorFiles {
  readonly folder = mkdtempSync(join(tmpdir(), "onceward-injector-"));

  write(file: "sidecar.json" | "tls.crt" | "tls.key", text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  writeAll({ template, certificate, key }: Rendered): void {
    this.write("sidecar.json", template);
    this.write("tls.crt", certificate);
    this.write("tls.key", key);
  }

  environment(): Readonly<Record<string, string>> {
    return {
      ONCEWARD_INJECT_LISTEN: "127.0.0.1:0",
      ONCEWARD_INJECT_OPS_LISTEN: "127.0.0.1:0",
      ONCEWARD_INJECT_TEMPLATE: join(this.folder, "sidecar.json"),
      ONCEWARD_INJECT_CERTIFICATE: join(this.folder, "tls.crt"),
      ONCEWARD_INJECT_PRIVATE_KEY: join(this.folder, "tls.key"),
      ONCEWARD_INJECT_RELOAD: "20ms",
      ONCEWARD_INJECT_LOG_LEVEL: "debug",
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function spawnInjector(env: Readonly<Record<string, string>>) {
  return spawnSidecar(env, COMMAND);
}

export function startInjector(env: Readonly<Record<string, string>>) {
  return startProcess(env, COMMAND);
}

interface Call {
  readonly ca: string;
  readonly body: string | Buffer;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One call over a connection of its own, that trusts that CA and nobody else. */
export async function call(listen: string, { ca, body, path = "/inject?timeout=5s", ...rest }: Call): Promise<Answer> {
  const port = Number(listen.split(":").at(-1));
  const asked = httpsRequest({
    ...{ host: "127.0.0.1", port, path, ca, servername: HOST, agent: false },
    method: rest.method ?? "POST",
    headers: { host: HOST, "content-type": "application/json", ...rest.headers },
  });
  asked.end(body);
  const [response] = await once(asked, "response");
  const shown = (response.socket as TLSSocket).getPeerCertificate().raw.toString("base64");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, text: Buffer.concat(chunks).toString(), shown };
}

export function review(object: Manifest, more: object = {}): string {
  const kind = { group: "", version: "v1", kind: "Pod" };
  const request = { uid: "u-1", kind, operation: "CREATE", namespace: "shop", object, ...more };
  return JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request });
}
