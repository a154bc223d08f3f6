/** The Pod Security Standard "restricted", as far as a pod of ours could break it. */
import type { Manifest } from "./helm.ts";

/** What of a pod's spec the standard forbids; also what we ask of ourselves beyond it. */
export function whyNotRestricted(spec: Manifest): string[] {
  const faults: string[] = [];
  for (const name of ["hostNetwork", "hostPID", "hostIPC"]) if (spec[name]) faults.push(`${name} is set`);
  for (const { name, ...volume } of spec.volumes ?? []) {
    if (!["configMap", "emptyDir", "secret", "persistentVolumeClaim", "projected"].some((kind) => kind in volume)) {
      faults.push(`volume ${name} is of a kind that is not allowed`);
    }
  }
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    faults.push(...whyNotContainer(container).map((why) => `${container.name}: ${why}`));
  }
  return faults;
}

/** What of one container's own words the standard forbids, whatever the pod says. */
export function whyNotContainer({ securityContext: own = {}, ports = [], resources = {} }: Manifest): string[] {
  const faults: string[] = [];
  if (own.runAsNonRoot !== true || !(own.runAsUser > 0)) faults.push("may run as root");
  if (own.allowPrivilegeEscalation !== false) faults.push("may gain privileges");
  if (own.privileged) faults.push("is privileged");
  if (JSON.stringify(own.capabilities) !== '{"drop":["ALL"]}') faults.push("keeps capabilities");
  if (own.seccompProfile?.type !== "RuntimeDefault") faults.push("has no seccomp profile");
  if (own.readOnlyRootFilesystem !== true) faults.push("may write to its image");
  if (ports.some(({ hostPort }: Manifest) => hostPort !== undefined)) faults.push("takes a port of the node");
  if (!resources.requests?.cpu || !resources.requests?.memory) faults.push("sets nothing aside");
  if (!resources.limits?.memory) faults.push("may take all memory");
  return faults;
}
