/** What the scripts answer, back in the domain's words: what stands in the heads of `lua/*.lua` under Returns. */
import { OncewardError } from "../../base/errors.ts";
import { after, type DurationMs, durationMs, type EpochMs, epochMs, fencingToken } from "../../base/units.ts";
import type { RecordAddress } from "../../domain/address.ts";
import type { BeginCommand, BeginOutcome } from "../../domain/begin.ts";
import type { CompleteCommand, CompleteOutcome } from "../../domain/complete.ts";
import type { GetOutcome } from "../../domain/get.ts";
import { isFinished, type RunningRecord, type StoredRecord } from "../../domain/record.ts";
import type { ResolveCommand, ResolveOutcome } from "../../domain/resolve.ts";
import { sameResult } from "../../domain/result.ts";
import type { OutOfTurn } from "../../domain/stream.ts";
import { type Named, unpackRecord } from "../packed.ts";

/** What every transition answers: a word, then what belongs to it; where nearly all answers are alike, bytes alone. */
export type Reply = Tagged | Buffer;
export type Tagged = readonly [tag: Buffer, ...(number | Buffer | null)[]];

/** Of the instant and the token that stand for the whole record of a first attempt. */
const INSTANT_BYTES = 6;
const FIRST_BYTES = INSTANT_BYTES + 8;

/** Where a reply is about, for the record in it and for faults. */
export interface Asked extends Where {
  readonly address: RecordAddress;
}

interface Where {
  /** Names shard and slot. */
  readonly where: Named;
}

export function tagOf(reply: Tagged): string {
  return reply[0].toString("latin1");
}

/** For the verbs that always say a word. */
export function tagged(reply: Reply, asked: Where): Tagged {
  if (Buffer.isBuffer(reply)) throw damaged(asked, "a reply without its word");
  return reply;
}

/** What begins, ends or is met in most replies: the instant, then a record, then its body if that is kept apart. */
function seen(reply: Tagged, asked: Asked, at = 2): { record: StoredRecord; now: EpochMs } {
  return { record: recordIn(reply[at], bytes(reply[at + 1]), asked), now: nowIn(reply) };
}

/** `first`: what was sent as the record of a first attempt, which nobody else holds. */
export function beginOutcome(
  reply: Reply,
  asked: Asked,
  { retention }: BeginCommand,
  first: RunningRecord,
): BeginOutcome {
  if (Buffer.isBuffer(reply)) return firstStart(reply, asked, retention.unfinished, first);
  const kind = tagOf(reply);
  if (kind === "started") {
    const { record, now } = seen(reply, asked, 4);
    if (record.state !== "in_progress") throw damaged(asked, `${kind} with a ${record.state} record`);
    return { kind, takeover: reply[2] === 1, resumed: reply[3] === 1, record, now };
  }
  if (isOutOfTurn(kind)) {
    const [, leaseLeft, expected, epoch] = reply;
    const numbers = { expectedSequence: bigIn(expected, asked), streamEpoch: bigIn(epoch, asked) };
    return { kind, ...numbers, leaseLeft: durationMs(Number(leaseLeft)) };
  }
  const { record, now } = seen(reply, asked);
  if (record.state === "forgotten") throw damaged(asked, `${kind} with a forgotten record`);
  switch (kind) {
    case "mismatch":
      return { kind, record, now };
    case "replay":
      if (isFinished(record)) return { kind, record, now };
      break;
    case "in_progress":
      if (record.state === "in_progress") return { kind, record, now };
      break;
    case "backing_off":
      if (record.state === "retryable") return { kind, record, now };
      break;
    case "unresolved":
      if (!isFinished(record)) return { kind, record, now };
      break;
  }
  throw damaged(asked, `${kind} with a ${record.state} record`);
}

function firstStart(
  reply: Buffer,
  asked: Asked,
  unfinished: DurationMs,
  record: { -readonly [Name in keyof RunningRecord]: RunningRecord[Name] },
): BeginOutcome {
  if (reply.length !== FIRST_BYTES) throw damaged(asked, `a start of ${reply.length} bytes`);
  const now = epochMs(reply.readUIntBE(0, INSTANT_BYTES));
  record.token = fencingToken(reply.readBigUInt64BE(INSTANT_BYTES));
  record.createdAt = now;
  record.updatedAt = now;
  record.startedAt = now;
  record.leaseUntil = after(now, record.leaseFor);
  record.expiresAt = after(record.leaseUntil, unfinished);
  return { kind: "started", takeover: false, resumed: false, record, now };
}

function isOutOfTurn(kind: string): kind is OutOfTurn["kind"] {
  return kind === "stale" || kind === "gap" || kind === "conflict" || kind === "stream_busy";
}

/** A number of 64 bits, which Lua can only hand over as bytes. */
export function bigIn(value: Tagged[number] | undefined, asked: Where): bigint {
  if (!Buffer.isBuffer(value) || value.length !== 8) throw damaged(asked, "a reply without its numbers");
  return value.readBigUInt64BE();
}

export function completeOutcome(reply: Reply, asked: Asked, command: CompleteCommand): CompleteOutcome {
  if (Buffer.isBuffer(reply)) {
    const record = ended(reply, asked, command);
    return { kind: "stored", late: false, restored: false, record, now: record.updatedAt };
  }
  const kind = tagOf(reply);
  switch (kind) {
    case "stored":
    case "superseded": {
      const record = ended(reply[4], asked, command);
      if (kind === "superseded") return { kind, record, now: nowIn(reply) };
      return { kind, late: reply[2] === 1, restored: reply[3] === 1, record, now: nowIn(reply) };
    }
    case "already_stored": {
      const { record, now } = seen(reply, asked);
      if (record.state === "forgotten") throw damaged(asked, `${kind} over a forgotten record`);
      return { kind, differs: differs(record, command), record, now };
    }
    case "fenced":
      return { kind, ...seen(reply, asked) };
    case "not_found":
      return { kind };
    default:
      throw damaged(asked, `complete answered ${kind}`);
  }
}

/** The record as a completion left it; the caller's own body is not sent back. */
function ended(packed: Tagged[number] | undefined, asked: Asked, command: CompleteCommand) {
  const record = recordIn(packed, command.result?.body, asked);
  if (!isFinished(record) && record.state !== "retryable") throw damaged(asked, `stored as ${record.state}`);
  return record;
}

/**
 * Whether a repeated completion says other than what is stored. Told by the domain's own comparison of the record that
 * the script saw: two results can be equal without being equal byte by byte, where their inline limits differed.
 */
function differs(record: Exclude<StoredRecord, { state: "forgotten" }>, command: CompleteCommand): boolean {
  if (isFinished(record)) return record.state !== command.kind || !sameResult(record.result, command.result);
  return record.state === "in_progress" || record.endedBy !== "retryable";
}

export function resolveOutcome(reply: Tagged, asked: Asked, command: ResolveCommand): ResolveOutcome {
  const kind = tagOf(reply);
  switch (kind) {
    case "resolved":
      return { kind, record: recordIn(reply[2], command.result?.body, asked), now: nowIn(reply) };
    case "in_progress":
    case "finished":
    case "fenced":
      return { kind, ...seen(reply, asked) };
    case "not_found":
      return { kind };
    default:
      throw damaged(asked, `resolve answered ${kind}`);
  }
}

export function getOutcome(reply: Tagged, asked: Asked): GetOutcome {
  const kind = tagOf(reply);
  if (kind === "not_found") return { kind };
  const { record, now } = seen(reply, asked);
  if (kind !== "found" || record.state === "forgotten") throw damaged(asked, `get answered ${kind}`);
  return { kind, record, now };
}

/** For the verbs whose answer is one word of `kinds`. */
export function wordOf<Kind extends string>(reply: Tagged, asked: Where, kinds: readonly Kind[]): { kind: Kind } {
  const tag = tagOf(reply);
  const kind = kinds.find((one) => one === tag);
  if (kind === undefined) throw damaged(asked, `answered ${tag}`);
  return { kind };
}

export function leaseLeftIn(reply: Tagged): DurationMs {
  return durationMs(Number(reply[1]));
}

function recordIn(packed: Tagged[number] | undefined, body: Uint8Array | undefined, asked: Asked): StoredRecord {
  if (!Buffer.isBuffer(packed)) throw damaged(asked, "a reply without a record");
  const apart = body === undefined ? undefined : Buffer.from(body.buffer, body.byteOffset, body.length);
  return unpackRecord(packed, { address: asked.address, body: apart, name: asked.where }).record;
}

function nowIn(reply: Tagged): EpochMs {
  return epochMs(Number(reply[1]));
}

function bytes(value: Tagged[number] | undefined): Buffer | undefined {
  return Buffer.isBuffer(value) ? value : undefined;
}

export function damaged(asked: Where, why: string): OncewardError {
  return new OncewardError("STORE_DAMAGED", `unreadable record in ${asked.where}`, { cause: new Error(why) });
}
