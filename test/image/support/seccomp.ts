/** The system calls that a container may make where a pod says `seccompProfile: RuntimeDefault`. */
import { readFileSync } from "node:fs";

/** As the tools that build and run images share it. */
const PROFILE = "/usr/share/containers/seccomp.json";

interface Rule {
  readonly names: readonly string[];
  readonly action: string;
  readonly args?: readonly object[] | null;
  readonly errnoRet?: number;
  readonly includes?: { readonly arches?: readonly string[]; readonly caps?: readonly string[] };
  readonly excludes?: { readonly arches?: readonly string[]; readonly caps?: readonly string[] };
}

const ARCHES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** For a container on this machine that has no capability at all, as the runtime's own configuration says it. */
export function runtimeDefault(): object {
  const profile: { defaultAction: string; defaultErrnoRet: number; syscalls: readonly Rule[] } = JSON.parse(
    readFileSync(PROFILE, "utf8"),
  );
  const arch = ARCHES[process.arch] ?? process.arch;
  const applies = ({ includes, excludes }: Rule) =>
    (includes?.caps ?? []).length === 0 &&
    (includes?.arches?.includes(arch) ?? true) &&
    !(excludes?.arches?.includes(arch) ?? false);
  return {
    defaultAction: profile.defaultAction,
    defaultErrnoRet: profile.defaultErrnoRet,
    syscalls: profile.syscalls.filter(applies).map(({ names, action, args, errnoRet }) => ({
      names,
      action,
      ...(args && args.length > 0 && { args }),
      ...(errnoRet !== undefined && { errnoRet }),
    })),
  };
}
