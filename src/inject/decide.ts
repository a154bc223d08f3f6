/** What is done about one pod: pure, so that a table of pods can say what is expected of it. */
import { INJECT_LABEL, PREFIX, readAnnotations, STATUS_ANNOTATION, type Wishes } from "./annotations.ts";
import { type Addition, add, addToList, addToMap } from "./patch.ts";
import { type Container, type Pod, readPod, staysRunning } from "./pod.ts";
import { type Chosen, chooseSidecar } from "./sidecar.ts";
import type { Template } from "./template.ts";

/** Name of the sidecar's container: by it an injected pod is known, whoever injected it. */
const SIDECAR = "onceward";
/** What `kubectl logs` and `exec` mean when they name no container: else it would be the first. */
const DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

export type Decision =
  | { readonly kind: "inject" | "mend"; readonly patch: readonly Addition[]; readonly warnings: readonly string[] }
  | { readonly kind: "leave"; readonly why: string; readonly warnings: readonly string[] }
  | { readonly kind: "refuse"; readonly why: string };

/** Decides about a pod as the API server sent it. A pod that has its sidecar is left as it is. */
export function decide(object: unknown, template: Template): Decision {
  const pod = readPod(object);
  if (pod === undefined) return { kind: "leave", why: "no pod that could run", warnings: [] };
  if (pod.metadata?.labels?.[INJECT_LABEL] === "disabled") return { kind: "leave", why: "opted out", warnings: [] };
  const present = presenceIn(pod);
  if (present === "stripped") return mend(pod);
  if (present === "whole") return { kind: "leave", why: "injected already", warnings: [] };
  const { wishes, warnings, faults } = readAnnotations(pod.metadata?.annotations ?? {});
  const chosen = chooseSidecar(template, wishes);
  const wrong = [...faults, ...obstacles(pod, wishes, chosen)];
  if (wrong.length > 0) return without(pod, wrong.join("; "));
  const patch = patchOf(pod, wishes, chosen, template);
  return { kind: "inject", patch, warnings: [...warnings, ...doubts(pod, chosen, template)] };
}

/**
 * `stripped`: another webhook, older than native sidecars, has read the pod and written it back without the one field
 * that makes ours keep running. The pod would wait for it to end, for ever.
 */
function presenceIn({ metadata, spec }: Pod): "absent" | "whole" | "stripped" {
  if (spec.containers.some(({ name }) => name === SIDECAR)) return "whole";
  const own = spec.initContainers?.find(({ name }) => name === SIDECAR);
  if (own === undefined) return "absent";
  const isOurs = metadata?.annotations?.[STATUS_ANNOTATION] !== undefined;
  return isOurs && !staysRunning(own) ? "stripped" : "whole";
}

function mend({ spec }: Pod): Decision {
  const index = (spec.initContainers ?? []).findIndex(({ name }) => name === SIDECAR);
  return {
    kind: "mend",
    patch: [add(["spec", "initContainers", index, "restartPolicy"], "Always")],
    warnings: ["another webhook took restartPolicy from the container onceward; it was put back"],
  };
}

/**
 * A pod that asks and cannot have it is refused: without its sidecar it would only seem protected. One that only its
 * namespace asks for may be anything that happens to live there: it is told, and not kept from starting.
 */
function without({ metadata }: Pod, why: string): Decision {
  if (metadata?.labels?.[INJECT_LABEL] === "enabled") return { kind: "refuse", why };
  return { kind: "leave", why, warnings: [`this pod starts without its sidecar: ${why}`] };
}

/** Why the pod cannot have the sidecar that it asks for. */
function obstacles({ spec }: Pod, wishes: Wishes, { variant }: Chosen): string[] {
  const found: string[] = [];
  if (spec.os?.name === "windows") found.push("onceward runs on Linux only");
  if (spec.hostNetwork === true && variant.appVolumeMounts.length === 0) {
    found.push(
      "a pod with hostNetwork shares the node's loopback, where two sidecars would meet: " +
        `annotate it ${PREFIX}transport: uds`,
    );
  }
  const volume = wishes["data-volume"];
  if (volume !== undefined && !spec.volumes?.some(({ name }) => name === volume)) {
    found.push(`${PREFIX}data-volume names ${volume}, and the pod has no such volume`);
  }
  return found;
}

function doubts({ spec }: Pod, { container, isEmbedded }: Chosen, { acknowledgedPerPod }: Template): string[] {
  const found: string[] = [];
  if (isEmbedded && !acknowledgedPerPod) {
    found.push("onceward keeps its records in this pod: they end with it, and other replicas do not see them");
  }
  const ours = new Set(container.ports.map(({ containerPort }) => containerPort));
  for (const { name, ports } of [...spec.containers, ...(spec.initContainers ?? [])]) {
    const taken = ports?.find(({ containerPort }) => ours.has(containerPort))?.containerPort;
    if (taken !== undefined) found.push(`container ${name} declares port ${taken}, where onceward listens too`);
  }
  return found;
}

function patchOf(pod: Pod, wishes: Wishes, chosen: Chosen, template: Template): Addition[] {
  const { metadata, spec } = pod;
  const status = JSON.stringify({ version: template.version, template: template.hash, native: chosen.isNative });
  const annotations: Record<string, string> = { [STATUS_ANNOTATION]: status };
  const first = spec.containers[0]?.name;
  const hasDefault = metadata?.annotations?.[DEFAULT_CONTAINER] !== undefined;
  if (!chosen.isNative && !hasDefault && first !== undefined) annotations[DEFAULT_CONTAINER] = first;
  return [
    ...(metadata === null || metadata === undefined ? [add(["metadata"], {})] : []),
    ...addToMap(["metadata", "labels"], metadata?.labels, template.podLabels),
    ...addToMap(["metadata", "annotations"], metadata?.annotations, annotations),
    ...addToList(["spec", "volumes"], spec.volumes, chosen.volumes, "end"),
    ...spec.containers.flatMap((container, index) => [
      // At the head: later variables of the container may refer to it.
      ...addToList(["spec", "containers", index, "env"], container.env, chosen.variant.appEnv, "head"),
      ...addToList(
        ["spec", "containers", index, "volumeMounts"],
        container.volumeMounts,
        chosen.variant.appVolumeMounts,
        "end",
      ),
    ]),
    // Last: it moves the places of the containers.
    placed(spec, wishes, chosen),
  ];
}

function placed(spec: Pod["spec"], { position }: Wishes, { container, isNative }: Chosen): Addition {
  if (!isNative) return add(["spec", "containers", 0], container);
  const inits = spec.initContainers ?? [];
  if (inits.length === 0) return add(["spec", "initContainers"], [container]);
  return add(["spec", "initContainers", placeAmong(inits, position)], container);
}

/** After a mesh's proxy: our way to Redis is through it. Before what runs to its end: it can call us. */
function placeAmong(inits: readonly Container[], position: Wishes["position"]): number {
  if (position === "first") return 0;
  if (position === "last") return inits.length;
  const firstThatEnds = inits.findIndex((one) => !staysRunning(one));
  return firstThatEnds === -1 ? inits.length : firstThatEnds;
}
