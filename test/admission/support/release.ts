/** The chart, installed: what Helm renders, and the injector that it would have started. */
import { type Charts, type Manifest, only } from "../../chart/support/helm.ts";
import { InjectorFiles, renderedFrom, startInjector } from "../../chart/support/injector.ts";
import type { RunningSidecar } from "../../support/sidecar.ts";
import type { Cluster } from "./api-server.ts";

export type Mode = "webhook" | "policy";

const SERVICE = "onceward/test-onceward-injector:443";
export const SIDECAR = {
  image: { repository: "registry.example/onceward" },
  store: { url: "redis://redis.data:6379" },
};

const ASKS = { "onceward.dev/inject": "enabled" };
/** Namespaces that there are: one that asks for all its pods, one that does not, and those that are left alone. */
export const NAMESPACES: readonly Manifest[] = [
  { name: "apps" },
  { name: "shop", labels: ASKS },
  { name: "onceward", labels: ASKS },
  { name: "kube-system", labels: ASKS },
].map((metadata) => ({ apiVersion: "v1", kind: "Namespace", metadata }));

export interface Release {
  readonly objects: readonly Manifest[];
  readonly injector?: RunningSidecar;
  /** For an API server. */
  readonly cluster: Cluster;
  remove(): void;
}

/** @param values of the chart, beside its mode and a sidecar that has a store. */
export async function install(charts: Charts, mode: Mode, values: object = {}): Promise<Release> {
  const objects = charts.render({ values: { mode, sidecar: SIDECAR, ...values } });
  const cluster = { objects: [...NAMESPACES, ...objects] };
  if (mode === "policy") return { objects, cluster, remove() {} };
  const files = new InjectorFiles();
  files.writeAll(renderedFrom(objects));
  const injector = await startInjector(files.environment());
  const services = { [SERVICE]: injector.ready.listen };
  return { objects, injector, cluster: { ...cluster, services }, remove: () => files.remove() };
}

/** The same release, called at another place: where nobody listens, or somebody else. */
export function servedAt({ cluster }: Release, address: string | undefined): Cluster {
  return { ...cluster, services: address === undefined ? {} : { [SERVICE]: address } };
}

/** The template by which the injector of that release works. */
export function templateOf({ objects }: Release): string {
  return only(objects, "ConfigMap").data["sidecar.json"];
}
