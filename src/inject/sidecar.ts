/** The sidecar of one pod: the template's, with what the pod wishes. */
import type { Wishes } from "./annotations.ts";
import type { Sidecar, Template, Variant } from "./template.ts";

export interface Chosen {
  readonly container: Sidecar;
  readonly isNative: boolean;
  readonly isEmbedded: boolean;
  readonly variant: Variant;
  /** Volumes of the pod that come with it. */
  readonly volumes: Variant["volumes"];
}

const EMBEDDED = "embedded";

export function chooseSidecar(template: Template, wishes: Wishes): Chosen {
  const variant = template.variants[wishes.transport ?? template.transport];
  const isNative = wishes["native-sidecar"] ?? template.native;
  const isEmbedded = isInPod(template, wishes);
  const base = isNative ? variant.sidecar : variant.legacySidecar;
  const volume = wishes["data-volume"];
  const { resources } = base;
  const container: Sidecar = {
    ...base,
    env: envOf(base.env, template, wishes, isEmbedded),
    resources: {
      ...resources,
      ...amounts("requests", resources.requests, { cpu: wishes["cpu-request"], memory: wishes["memory-request"] }),
      ...amounts("limits", resources.limits, { cpu: wishes["cpu-limit"], memory: wishes["memory-limit"] }),
    },
  };
  const dataMounts = template.embedded.volumeMounts.map((mount) => ({ ...mount, name: volume ?? mount.name }));
  const mounts = [...(base.volumeMounts ?? []), ...(isEmbedded ? dataMounts : [])];
  const dataVolumes = isEmbedded && volume === undefined ? template.embedded.volumes : [];
  return {
    container: mounts.length === 0 ? container : { ...container, volumeMounts: mounts },
    isNative,
    isEmbedded,
    variant,
    volumes: [...variant.volumes, ...dataVolumes],
  };
}

function isInPod(template: Template, wishes: Wishes): boolean {
  if (wishes["store-secret"] !== undefined) return false;
  if (wishes.store === undefined) return template.isEmbedded;
  return wishes.store === EMBEDDED || wishes.store.startsWith(`${EMBEDDED}:`);
}

function envOf(env: Sidecar["env"], template: Template, wishes: Wishes, isEmbedded: boolean): Sidecar["env"] {
  const set = (list: Sidecar["env"], entry: { readonly name: string; readonly [rest: string]: unknown }) =>
    list.map((one) => (one.name === entry.name ? entry : one));
  const secret = wishes["store-secret"];
  let result = env;
  if (isEmbedded) result = set(result, { name: "ONCEWARD_STORE", value: storeInPod(template, wishes) });
  else if (secret !== undefined) {
    result = set(result, { name: "ONCEWARD_STORE", valueFrom: { secretKeyRef: secret } });
  } else if (wishes.store !== undefined) result = set(result, { name: "ONCEWARD_STORE", value: wishes.store });
  const level = wishes["log-level"];
  return level === undefined ? result : set(result, { name: "ONCEWARD_LOG_LEVEL", value: level });
}

function storeInPod({ embedded }: Template, { store }: Wishes): string {
  return store === undefined || store === EMBEDDED ? embedded.url : store;
}

function amounts(
  kind: "requests" | "limits",
  given: Readonly<Record<string, string>> | undefined,
  wished: Readonly<Record<string, string | undefined>>,
) {
  const said = Object.entries(wished).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return said.length === 0 ? {} : { [kind]: { ...given, ...Object.fromEntries(said) } };
}
