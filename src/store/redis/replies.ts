/** What the scripts answer, back in the domain's words: what stands in the heads of `lua/*.lua` under Returns. */
import { OncewardError } from "../../base/errors.ts";
import { type DurationMs, durationMs, type EpochMs, epochMs, fencingToken } from "../../base/units.ts";
import type { RecordAddress } from "../../domain/address.ts";
import type { BeginCommand, BeginOutcome } from "../../domain/begin.ts";
import type { CompleteCommand, CompleteOutcome } from "../../domain/complete.ts";
import type { GetOutcome } from "../../domain/get.ts";
import { isFinished, type StoredRecord } from "../../domain/record.ts";
import type { ResolveCommand, ResolveOutcome } from "../../domain/resolve.ts";
import { sameResult } from "../../domain/result.ts";
import type { OutOfTurn } from "../../domain/stream.ts";
import { unpackRecord } from "../packed.ts";
import { firstAttempt } from "./arguments.ts";

/** What every transition answers: a word, then what belongs to it. */
export type Reply = readonly [tag: Buffer, ...(number | Buffer | null)[]];

/** Of a token that stands for a whole record; a record is never that short. */
const TOKEN_BYTES = 8;

/** Where a reply is about, for the record in it and for faults. */
export interface Asked extends Where {
  readonly address: RecordAddress;
}

interface Where {
  /** Names shard and slot. */
  readonly where: string;
}

export function tagOf(reply: Reply): string {
  return reply[0].toString();
}

/** What begins, ends or is met in most replies: the instant, then a record, then its body if that is kept apart. */
function seen(reply: Reply, asked: Asked, at = 2): { record: StoredRecord; now: EpochMs } {
  return { record: recordIn(reply[at], bytes(reply[at + 1]), asked), now: nowIn(reply) };
}

export function beginOutcome(reply: Reply, asked: Asked, command: BeginCommand): BeginOutcome {
  const kind = tagOf(reply);
  if (kind === "started") {
    const first = bytes(reply[4]);
    if (first?.length === TOKEN_BYTES) {
      const minted = { token: fencingToken(first.readBigUInt64BE()), now: nowIn(reply) };
      const record = firstAttempt(asked.address, command, minted);
      return { kind, takeover: false, resumed: false, record, now: minted.now };
    }
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

function isOutOfTurn(kind: string): kind is OutOfTurn["kind"] {
  return kind === "stale" || kind === "gap" || kind === "conflict" || kind === "stream_busy";
}

/** A number of 64 bits, which Lua can only hand over as bytes. */
export function bigIn(value: Reply[number] | undefined, asked: Where): bigint {
  if (!Buffer.isBuffer(value) || value.length !== 8) throw damaged(asked, "a reply without its numbers");
  return value.readBigUInt64BE();
}

export function completeOutcome(reply: Reply, asked: Asked, command: CompleteCommand): CompleteOutcome {
  const kind = tagOf(reply);
  switch (kind) {
    case "stored":
    case "superseded": {
      const record = recordIn(reply[4], command.result?.body, asked);
      if (!isFinished(record) && record.state !== "retryable") throw damaged(asked, `${kind} as ${record.state}`);
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

/**
 * Whether a repeated completion says other than what is stored. Told by the domain's own comparison of the record that
 * the script saw: two results can be equal without being equal byte by byte, where their inline limits differed.
 */
function differs(record: Exclude<StoredRecord, { state: "forgotten" }>, command: CompleteCommand): boolean {
  if (isFinished(record)) return record.state !== command.kind || !sameResult(record.result, command.result);
  return record.state === "in_progress" || record.endedBy !== "retryable";
}

export function resolveOutcome(reply: Reply, asked: Asked, command: ResolveCommand): ResolveOutcome {
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

export function getOutcome(reply: Reply, asked: Asked): GetOutcome {
  const kind = tagOf(reply);
  if (kind === "not_found") return { kind };
  const { record, now } = seen(reply, asked);
  if (kind !== "found" || record.state === "forgotten") throw damaged(asked, `get answered ${kind}`);
  return { kind, record, now };
}

/** For the verbs whose answer is one word of `kinds`. */
export function wordOf<Kind extends string>(reply: Reply, asked: Where, kinds: readonly Kind[]): { kind: Kind } {
  const tag = tagOf(reply);
  const kind = kinds.find((one) => one === tag);
  if (kind === undefined) throw damaged(asked, `answered ${tag}`);
  return { kind };
}

export function leaseLeftIn(reply: Reply): DurationMs {
  return durationMs(Number(reply[1]));
}

function recordIn(packed: Reply[number] | undefined, body: Uint8Array | undefined, asked: Asked): StoredRecord {
  if (!Buffer.isBuffer(packed)) throw damaged(asked, "a reply without a record");
  const apart = body === undefined ? undefined : Buffer.from(body.buffer, body.byteOffset, body.length);
  return unpackRecord(packed, { address: asked.address, body: apart, name: asked.where }).record;
}

function nowIn(reply: Reply): EpochMs {
  return epochMs(Number(reply[1]));
}

function bytes(value: Reply[number] | undefined): Buffer | undefined {
  return Buffer.isBuffer(value) ? value : undefined;
}

export function damaged(asked: Where, why: string): OncewardError {
  return new OncewardError("STORE_DAMAGED", `unreadable record in ${asked.where}`, { cause: new Error(why) });
}
