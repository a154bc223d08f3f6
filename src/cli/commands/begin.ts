import { Command, Option } from "commander";
import { systemClock } from "../../base/clock.ts";
import { LEASE_MS_MAX, LEASE_MS_MIN, RETENTION_MS_MAX, RETENTION_MS_MIN, WAIT_MS_MAX } from "../../base/limits.ts";
import { uniqueId } from "../../base/random.ts";
import type { DurationMs } from "../../base/units.ts";
import { duration, integer } from "../../config/values.ts";
import type { BeginRequest } from "../../transport/grpc/gen/onceward/v1/BeginRequest.ts";
import type { BeginResponse__Output } from "../../transport/grpc/gen/onceward/v1/BeginResponse.ts";
import type { Fingerprint } from "../../transport/grpc/gen/onceward/v1/Fingerprint.ts";
import type { Ordering } from "../../transport/grpc/gen/onceward/v1/Ordering.ts";
import { call } from "../client.ts";
import { exiting } from "../exit.ts";
import { roughly } from "../format.ts";
import { readInput, readText } from "../input.ts";
import {
  type AddressOptions,
  addressOf,
  by,
  type ConnectionOptions,
  withAddress,
  withConnection,
  withExample,
} from "../options.ts";
import { answer, type Field, labelled } from "../output.ts";
import { addressFields, checkpointFields, recordFields } from "../record.ts";
import { place, uint64 } from "../sequence/options.ts";
import { ask } from "../sidecar.ts";
import { exitHelp, headline, no, type Verdicts, verdictOf, yes } from "../verdict.ts";
import { whoAmI } from "../whoami.ts";

interface BeginOptions extends ConnectionOptions, AddressOptions {
  readonly owner: string;
  readonly attemptId?: string;
  readonly lease?: DurationMs;
  readonly wait?: DurationMs;
  readonly retention?: DurationMs;
  readonly hold?: true;
  readonly maxAttempts?: number;
  readonly sequence?: string;
  readonly mode: keyof typeof MODES;
  readonly epoch?: string;
  readonly tiebreak?: string;
  readonly payload?: string;
  readonly payloadFile?: string;
  readonly jsonFile?: string;
}

const VERDICTS = {
  STARTED: yes("run the effect now, then complete it with this token"),
  REPLAY: yes("it is finished: do not run it, answer with this"),
  IN_PROGRESS: no("another attempt is running it: do not run it", "waiting"),
  MISMATCH: no("the key was used for a different request: do not run it"),
  UNRESOLVED: no("nobody knows whether it happened: do not run it, see onceward resolve", "doubtful"),
  BACKING_OFF: no("the last attempt failed a short while ago: begin again later", "waiting"),
  STALE: no("the stream has moved past it: drop it", "doubtful"),
  GAP: no("an earlier one of the stream has to come first: hand it back", "waiting"),
  CONFLICT: no("its place in the stream is another's: read the state anew"),
} satisfies Verdicts<BeginResponse__Output["outcome"]>;

/** Outcomes that a place in a stream decides. */
const IN_STREAM = { STALE: true, GAP: true, CONFLICT: true };

const MODES = {
  "strict-next": "STRICT_NEXT",
  monotonic: "MONOTONIC",
  "last-write-wins": "LAST_WRITE_WINS",
  exact: "EXACT",
} as const;

/** Highest uint32. */
const ATTEMPTS_MAX = 2 ** 32 - 1;

export function beginCommand(): Command {
  const command = withAddress(new Command("begin"))
    .description("Asks whether an effect may run now; if so, the attempt is yours until its lease ends.")
    .option("--owner <name>", "who asks, for people", whoAmI())
    .option("--attempt-id <id>", "id of this try; the same again asks for the same attempt (default: a fresh one)")
    .option(
      "--lease <duration>",
      "how long to go without renew",
      by(duration({ min: LEASE_MS_MIN, max: LEASE_MS_MAX })),
    )
    .option("--wait <duration>", "wait while another attempt runs", by(duration({ min: 0, max: WAIT_MS_MAX })))
    .option(
      "--retention <duration>",
      "how long the result is kept",
      by(duration({ min: RETENTION_MS_MIN, max: RETENTION_MS_MAX })),
    )
    .option("--hold", "if the lease lapses, leave it to an operator instead of running it again")
    .option("--sequence <place>", "its place in the stream: a number, a version or a timestamp", place)
    .addOption(new Option("--mode <mode>", "how the place is read").choices(Object.keys(MODES)).default("strict-next"))
    .option("--epoch <number>", "generation of the stream's producer", uint64)
    .option("--tiebreak <number>", "decides between equal timestamps", uint64)
    .option("--max-attempts <n>", "then it is dead-lettered", by(integer({ min: 0, max: ATTEMPTS_MAX })));
  command
    .addOption(
      new Option("--payload <text>", "what the effect is asked to do, so that another request is noticed").conflicts([
        "payloadFile",
        "jsonFile",
      ]),
    )
    .addOption(new Option("--payload-file <path>", "the same from a file, - for stdin").conflicts("jsonFile"))
    .option("--json-file <path>", "the same as JSON, where order and white space do not matter");
  withConnection(command).addHelpText("after", exitHelp(VERDICTS));
  return withExample(
    command,
    "onceward begin order-17 --operation charge --lease 1m --hold",
    "onceward begin evt_8f --operation ship --stream order-17 --sequence 42",
  ).action(exiting(begin));
}

async function begin(key: string, options: BeginOptions) {
  const attemptId = options.attemptId ?? uniqueId();
  const fingerprint = await fingerprintOf(options);
  const request: BeginRequest = {
    address: addressOf(key, options),
    ...(fingerprint && { fingerprint }),
    attemptId,
    owner: options.owner,
    leaseMs: options.lease ?? 0,
    waitMs: options.wait ?? 0,
    retentionMs: options.retention ?? 0,
    lapsePolicy: options.hold ? "HOLD" : "TAKE_OVER",
    maxAttempts: options.maxAttempts ?? 0,
    ordering: orderingOf(options),
  };
  const response = await ask(
    options,
    ({ idempotency }, deadlineMs) => call(idempotency, idempotency.begin, request, deadlineMs),
    // Repeated with another id, a call that did start would only find itself in the way.
    { waitMs: options.wait, repeatWith: options.attemptId === undefined ? `--attempt-id ${attemptId}` : undefined },
  );
  const verdict = verdictOf(VERDICTS, response.outcome);
  answer(response, options, () => `${headline(response.outcome, verdict)}\n${labelled(fieldsOf(response, request))}`);
  return verdict.exit;
}

function orderingOf({ sequence, mode, epoch = "0", tiebreak = "0" }: BeginOptions): Ordering | null {
  return sequence === undefined ? null : { sequence, mode: MODES[mode], epoch, tiebreak };
}

async function fingerprintOf({ payload, payloadFile, jsonFile }: BeginOptions): Promise<Fingerprint | undefined> {
  if (jsonFile !== undefined) return { json: await readText(jsonFile) };
  if (payloadFile !== undefined) return { payload: await readInput(payloadFile) };
  return payload === undefined ? undefined : { payload: Buffer.from(payload) };
}

function fieldsOf(response: BeginResponse__Output, { address = null }: BeginRequest): Field[] {
  const { attempt, retryAfterMs, expectedSequence, streamEpoch } = response;
  // The attempt is handed the checkpoint: it need not be told twice.
  const record = response.record && attempt ? { ...response.record, checkpoint: null } : response.record;
  const now = systemClock.now();
  return [
    ...attemptFields(response, now),
    retryAfterMs === "0" ? undefined : ["begin again", `in ${roughly(Number(retryAfterMs))}`],
    response.outcome in IN_STREAM || expectedSequence !== "0"
      ? ["next place", `${expectedSequence} of epoch ${streamEpoch}`]
      : undefined,
    ...(record === null ? addressFields(address) : recordFields(record, now)),
  ];
}

function attemptFields({ attempt }: BeginResponse__Output, now: number): Field[] {
  if (attempt === null) return [];
  const notes = [
    attempt.resumed && "this is your attempt of before, its lease is not extended",
    attempt.takeover && "it takes over from an attempt whose lease lapsed",
    attempt.maybeExecuted && "an earlier attempt may have run the effect: ask its target first",
    attempt.unguarded && "UNGUARDED: the store did not answer, nothing guards this run, there is nothing to complete",
  ];
  const told = notes.filter((note) => note !== false);
  return [
    ["token", attempt.fencingToken],
    ["attempt", String(attempt.number)],
    ["attempt id", attempt.attemptId],
    ["lease left", roughly(Number(attempt.leaseMs))],
    told.length === 0 ? undefined : ["note", told.join("\n")],
    ...checkpointFields(attempt.checkpoint, now),
  ];
}
