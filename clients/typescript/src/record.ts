/** The parts of answers that tell about a record and an attempt. Field numbers are those of types.proto. */
import type { Attempt, Checkpoint, OncewardRecord, RecordAddress, RecordState, Result } from "./outcomes.ts";
import type { Reader } from "./protobuf-reader.ts";

/** What is read here is filled in field by field, and read only from then on. */
type Filled<T> = { -readonly [name in keyof T]: T[name] };

const NO_BYTES: Buffer = Buffer.alloc(0);
const STATES: readonly (RecordState | undefined)[] = [
  ...([undefined, "inProgress", "unknown", "succeeded", "failed", "retryable", "deadLettered"] as const),
];

export function readAttempt(reader: Reader): Attempt {
  const attempt: Filled<Attempt> = {
    ...{ number: 0, attemptId: "", token: 0n, leaseMs: 0, takeover: false, resumed: false, maybeExecuted: false },
    ...{ unguarded: false, checkpoint: undefined },
  };
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        attempt.number = reader.number();
        break;
      case 2:
        attempt.attemptId = reader.text();
        break;
      case 3:
        attempt.token = reader.bigint();
        break;
      case 4:
        attempt.leaseMs = reader.number();
        break;
      case 5:
        attempt.takeover = reader.boolean();
        break;
      case 6:
        attempt.resumed = reader.boolean();
        break;
      case 7:
        attempt.maybeExecuted = reader.boolean();
        break;
      case 8:
        attempt.unguarded = reader.boolean();
        break;
      case 9:
        attempt.checkpoint = reader.message(readCheckpoint);
        break;
      default:
        reader.skip();
    }
  }
  return attempt;
}

export function readRecord(reader: Reader): OncewardRecord {
  const record: Filled<OncewardRecord> = {
    address: NOWHERE,
    state: "unrecognized",
    attempts: 0,
    result: undefined,
    resultOmitted: false,
    createdAt: undefined,
    updatedAt: undefined,
    finishedAt: undefined,
    expiresAt: undefined,
    leaseUntil: undefined,
    owner: "",
    checkpoint: undefined,
    lastError: "",
    duplicates: 0,
    traceparent: "",
  };
  while (reader.next()) readRecordField(reader, record);
  return record;
}

function readRecordField(reader: Reader, record: Filled<OncewardRecord>): void {
  switch (reader.field) {
    case 1:
      record.address = reader.message(readAddress);
      break;
    case 2:
      record.state = STATES[reader.number()] ?? "unrecognized";
      break;
    case 3:
      record.attempts = reader.number();
      break;
    case 4:
      record.result = reader.message(readResult);
      break;
    case 5:
      record.createdAt = reader.message(readInstant);
      break;
    case 6:
      record.updatedAt = reader.message(readInstant);
      break;
    case 7:
      record.finishedAt = reader.message(readInstant);
      break;
    case 8:
      record.expiresAt = reader.message(readInstant);
      break;
    case 9:
      record.owner = reader.text();
      break;
    case 10:
      record.checkpoint = reader.message(readCheckpoint);
      break;
    case 11:
      record.lastError = reader.text();
      break;
    case 12:
      record.duplicates = reader.number();
      break;
    case 13:
      record.traceparent = reader.text();
      break;
    case 14:
      record.resultOmitted = reader.boolean();
      break;
    case 15:
      record.leaseUntil = reader.message(readInstant);
      break;
    default:
      reader.skip();
  }
}

const NOWHERE: RecordAddress = { namespace: "", operation: "", stream: "", key: "" };
/** The last one read: the next one mostly differs in its key alone. */
let lastAddress = NOWHERE;

function readAddress(reader: Reader): RecordAddress {
  let namespace = "";
  let operation = "";
  let stream = "";
  let key = "";
  while (reader.next()) {
    if (reader.field === 1) namespace = reader.likelyText(lastAddress.namespace);
    else if (reader.field === 2) operation = reader.likelyText(lastAddress.operation);
    else if (reader.field === 3) stream = reader.likelyText(lastAddress.stream);
    else if (reader.field === 4) key = reader.text();
    else reader.skip();
  }
  lastAddress = { namespace, operation, stream, key };
  return lastAddress;
}

function readResult(reader: Reader): Result {
  let body = NO_BYTES;
  let contentType = "";
  let reference = "";
  let bodySize = 0;
  let bodySha256 = NO_BYTES;
  let entries: (readonly [string, string])[] | undefined;
  while (reader.next()) {
    if (reader.field === 1) body = reader.bytes();
    else if (reader.field === 2) contentType = reader.text();
    else if (reader.field === 3) {
      entries ??= [];
      entries.push(reader.message(readEntry));
    } else if (reader.field === 4) reference = reader.text();
    else if (reader.field === 5) bodySize = reader.number();
    else if (reader.field === 6) bodySha256 = reader.bytes();
    else reader.skip();
  }
  // Names are the caller's: one such as `__proto__` is a name like any other.
  const metadata = entries === undefined ? {} : Object.fromEntries(entries);
  return { body, contentType, metadata, reference, bodySize, bodySha256 };
}

/** Of a map of texts. */
export function readEntry(reader: Reader): readonly [name: string, value: string] {
  let [name, value] = ["", ""];
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) value = reader.text();
    else reader.skip();
  }
  return [name, value];
}

function readCheckpoint(reader: Reader): Checkpoint {
  let [name, data, step] = ["", NO_BYTES, 0n];
  let savedAt: number | undefined;
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) data = reader.bytes();
    else if (reader.field === 3) savedAt = reader.message(readInstant);
    else if (reader.field === 4) step = reader.bigint();
    else reader.skip();
  }
  return { name, data, savedAt, step };
}

/** A Timestamp or a Duration, rounded up to whole milliseconds. */
export function readInstant(reader: Reader): number {
  let seconds = 0;
  let nanos = 0;
  while (reader.next()) {
    if (reader.field === 1) seconds = reader.number();
    else if (reader.field === 2) nanos = reader.number();
    else reader.skip();
  }
  return seconds * 1000 + Math.ceil(nanos / 1e6);
}
