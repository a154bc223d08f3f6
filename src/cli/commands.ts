import type { Command } from "commander";

interface CommandEntry {
  readonly name: string;
  readonly group: string;
  readonly summary: string;
  /** Its factory; loaded when the command is asked for. */
  load(): Promise<() => Command>;
}

const SIDECAR = "The sidecar:";
const CALLERS = "What a caller does:";
const OPERATORS = "What an operator does:";

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "serve",
    group: SIDECAR,
    summary: "run the sidecar until SIGTERM",
    load: async () => (await import("./commands/serve.ts")).serveCommand,
  },
  {
    name: "inject",
    group: SIDECAR,
    summary: "put the sidecar into pods: the webhook that a Kubernetes API server calls",
    load: async () => (await import("./commands/inject.ts")).injectCommand,
  },
  {
    name: "wait",
    group: SIDECAR,
    summary: "wait until a sidecar is ready",
    load: async () => (await import("./commands/wait.ts")).waitCommand,
  },
  {
    name: "check",
    group: SIDECAR,
    summary: "ask a sidecar whether it is ready",
    load: async () => (await import("./commands/check.ts")).checkCommand,
  },
  {
    name: "config",
    group: SIDECAR,
    summary: "show the settings in force and where each came from, or check them",
    load: async () => (await import("./commands/config.ts")).configCommand,
  },
  {
    name: "demo",
    group: SIDECAR,
    summary: "show what it is for, on real webhook payloads",
    load: async () => (await import("./demo/command.ts")).demoCommand,
  },
  {
    name: "begin",
    group: CALLERS,
    summary: "ask whether an effect may run now",
    load: async () => (await import("./commands/begin.ts")).beginCommand,
  },
  {
    name: "complete",
    group: CALLERS,
    summary: "end an attempt with its result",
    load: async () => (await import("./commands/complete.ts")).completeCommand,
  },
  {
    name: "get",
    group: CALLERS,
    summary: "read a record, if asked for after waiting until it is finished",
    load: async () => (await import("./commands/get.ts")).getCommand,
  },
  {
    name: "renew",
    group: CALLERS,
    summary: "move the lease of an attempt forward",
    load: async () => (await import("./commands/renew.ts")).renewCommand,
  },
  {
    name: "checkpoint",
    group: CALLERS,
    summary: "save a recovery point of an attempt, and renew",
    load: async () => (await import("./commands/checkpoint.ts")).checkpointCommand,
  },
  {
    name: "release",
    group: CALLERS,
    summary: "give an attempt up whose effect did not run",
    load: async () => (await import("./commands/release.ts")).releaseCommand,
  },
  {
    name: "lease",
    group: CALLERS,
    summary: "run a command while holding a lease; see and end leases",
    load: async () => (await import("./lease/command.ts")).leaseCommand,
  },
  {
    name: "list",
    group: OPERATORS,
    summary: "list the unfinished records of a namespace",
    load: async () => (await import("./commands/list.ts")).listCommand,
  },
  {
    name: "resolve",
    group: OPERATORS,
    summary: "settle a record that no attempt is going to settle",
    load: async () => (await import("./commands/resolve.ts")).resolveCommand,
  },
  {
    name: "sequence",
    group: OPERATORS,
    summary: "show where a stream stands, step over a place, set it elsewhere",
    load: async () => (await import("./sequence/command.ts")).sequenceCommand,
  },
  {
    name: "forget",
    group: OPERATORS,
    summary: "remove a record, so that its effect may run again",
    load: async () => (await import("./commands/forget.ts")).forgetCommand,
  },
  {
    name: "info",
    group: OPERATORS,
    summary: "show version, store, limits and known trouble of the sidecar",
    load: async () => (await import("./commands/info.ts")).infoCommand,
  },
  {
    name: "stats",
    group: OPERATORS,
    summary: "show what the sidecar has answered, and what is unfinished",
    load: async () => (await import("./commands/stats.ts")).statsCommand,
  },
];
