/** The options that commands share, declared once, and the checks of what is typed. Nothing is sent unchecked. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type * as z from "zod";
import { type DurationMs, durationMs } from "../base/units.ts";
import { duration, listenAddress } from "../config/values.ts";
import type { RecordAddress } from "../transport/grpc/gen/onceward/v1/RecordAddress.ts";
import { JSON_HELP } from "./json.ts";
import { whoAmI } from "./whoami.ts";

/** Where the sidecar is, how long it may take, and how to print what it says. */
export interface ConnectionOptions {
  readonly address: string;
  readonly timeout: DurationMs;
  readonly json?: true;
}

/** The parts of a record's address besides its key. */
export interface AddressOptions {
  readonly namespace: string;
  readonly operation: string;
  readonly stream: string;
}

const DEFAULT_ADDRESS = "127.0.0.1:7600";
const DEFAULT_TIMEOUT = durationMs(5000);
const TIMEOUT_MS_MAX = 600_000;
/** Highest uint64. */
const TOKEN_MAX = 2n ** 64n - 1n;

/** What a schema of the settings makes of an argument; its complaint becomes commander's. */
export function by<T>(schema: z.ZodType<T>): (text: string) => T {
  return (text) => {
    const result = schema.safeParse(text);
    if (result.success) return result.data;
    throw new InvalidArgumentError(`It ${result.error.issues.map(({ message }) => message).join(", and ")}.`);
  };
}

/** A fencing token stays a decimal string: it does not fit a number. */
export function token(text: string): string {
  if (/^\d{1,20}$/.test(text) && BigInt(text) > 0n && BigInt(text) <= TOKEN_MAX) return String(BigInt(text));
  throw new InvalidArgumentError("It must be the decimal number that begin or list shows.");
}

/** What a list can be narrowed to, as people write it. */
const UNFINISHED_STATES = {
  "in-progress": "IN_PROGRESS",
  unknown: "UNKNOWN",
  retryable: "RETRYABLE",
  "dead-lettered": "DEAD_LETTERED",
} as const;
export type UnfinishedState = (typeof UNFINISHED_STATES)[keyof typeof UNFINISHED_STATES];

/** One more state; a misspelt one would be dropped on the way and list everything. */
export function state(text: string, before: readonly UnfinishedState[] = []): readonly UnfinishedState[] {
  const wanted = text.toLowerCase().replaceAll("_", "-");
  const found = Object.entries(UNFINISHED_STATES).find(([name]) => name === wanted);
  if (found === undefined) throw new InvalidArgumentError(`It must be ${Object.keys(UNFINISHED_STATES).join(", ")}.`);
  return [...before, found[1]];
}

/** A whole set of options of which exactly one has to be given. */
export function choiceOf(command: Command, choices: Readonly<Record<string, string>>): Command {
  const names = Object.keys(choices);
  for (const [name, meaning] of Object.entries(choices)) {
    command.addOption(new Option(`--${name}`, meaning).conflicts(names.filter((other) => other !== name)));
  }
  return command;
}

export function withConnection(command: Command): Command {
  return command
    .addOption(
      new Option("--address <host:port>", "the sidecar, or unix:/path")
        .env("ONCEWARD_ADDRESS")
        .default(DEFAULT_ADDRESS)
        .argParser(by(listenAddress)),
    )
    .addOption(
      new Option("--timeout <duration>", "longest to wait for the answer")
        .default(DEFAULT_TIMEOUT, "5s")
        .argParser(by(duration({ min: 1, max: TIMEOUT_MS_MAX }))),
    )
    .option("--json", `print ${JSON_HELP}`);
}

export function withNamespace(command: Command): Command {
  return command.option("-n, --namespace <name>", "unit of policy", "default");
}

/** What a lease is of. */
export interface ResourceOptions {
  readonly namespace: string;
  readonly resource: string;
}

export function withResource(command: Command): Command {
  return withNamespace(
    command.requiredOption("-r, --resource <name>", "what the lease is of: a job, an account, a file"),
  );
}

/** `<key>` and the other parts of a record's address: all four are its identity. */
export function withAddress(command: Command): Command {
  return withNamespace(command.argument("<key>", "the idempotency key"))
    .addOption(new Option("-o, --operation <name>", "the effect's name, part of the address").default("", "none"))
    .addOption(new Option("-s, --stream <name>", "the stream, part of the address").default("", "none"));
}

export function addressOf(key: string, { namespace, operation, stream }: AddressOptions): RecordAddress {
  return { namespace, operation, stream, key };
}

export function withToken(command: Command): Command {
  return command.addOption(
    new Option("-t, --token <number>", "the attempt's fencing token").argParser(token).makeOptionMandatory(),
  );
}

/** Why and by whom an operator decides, for the audit log. */
export function withAudit(command: Command): Command {
  return command
    .requiredOption("--reason <text>", "why, for the audit log")
    .option("--actor <name>", "who decides, for the audit log", whoAmI());
}

export function withExample(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText("after", ["", "Example:", ...lines.map((line) => `  $ ${line}`)].join("\n"));
}
