/** What stands in several requests, read as requests.ts has it. */
import type { Fingerprint__Output } from "../gen/onceward/v1/Fingerprint.ts";
import type { Ordering__Output } from "../gen/onceward/v1/Ordering.ts";
import type { RecordAddress__Output } from "../gen/onceward/v1/RecordAddress.ts";
import type { Result__Output } from "../gen/onceward/v1/Result.ts";
import { type Reader, SameText } from "./reader.ts";

export type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

export const EMPTY: Buffer = Buffer.alloc(0);
const MODES = ["MODE_UNSPECIFIED", "STRICT_NEXT", "MONOTONIC", "LAST_WRITE_WINS", "EXACT"] as const;
const UNKNOWN_STREAMS = ["UNKNOWN_STREAM_UNSPECIFIED", "REQUIRE_INITIAL", "ADOPT"] as const;
const TERMINAL_FAILURES = ["TERMINAL_FAILURE_UNSPECIFIED", "BLOCK", "SKIP"] as const;

const NAMESPACE = new SameText("address.namespace");
const OPERATION = new SameText("address.operation");
const ALGORITHM = new SameText("fingerprint.algorithm");
const CONTENT_TYPE = new SameText("result.content_type");

/** A member that this version does not know stays a number, as proto-loader has it; its types say otherwise. */
export function member<Name extends string>(reader: Reader, names: readonly Name[]): Name {
  const value = reader.int32();
  return names[value] ?? (value as unknown as Name);
}

export function address(reader: Reader): RecordAddress__Output {
  const message: Mutable<RecordAddress__Output> = { namespace: "", operation: "", stream: "", key: "" };
  while (reader.next()) {
    if (reader.field === 1) message.namespace = reader.sameText(NAMESPACE);
    else if (reader.field === 2) message.operation = reader.sameText(OPERATION);
    else if (reader.field === 3) message.stream = reader.text("address.stream");
    else if (reader.field === 4) message.key = reader.text("address.key");
    else reader.skip();
  }
  return message;
}

/** The source that comes last is the one that counts. */
export function fingerprint(reader: Reader): Fingerprint__Output {
  let algorithm = "";
  let source = 0;
  let bytes = EMPTY;
  let json = "";
  while (reader.next()) {
    if (reader.field === 1 || reader.field === 2) {
      source = reader.field;
      bytes = reader.bytes();
    } else if (reader.field === 3) {
      source = reader.field;
      json = reader.text("fingerprint.json");
    } else if (reader.field === 4) algorithm = reader.sameText(ALGORITHM);
    else reader.skip();
  }
  if (source === 1) return { algorithm, source: "digest", digest: bytes };
  if (source === 2) return { algorithm, source: "payload", payload: bytes };
  return source === 3 ? { algorithm, source: "json", json } : { algorithm };
}

export function ordering(reader: Reader): Ordering__Output {
  const message: Mutable<Ordering__Output> = {
    sequence: "0",
    mode: "MODE_UNSPECIFIED",
    epoch: "0",
    tiebreak: "0",
    onUnknownStream: "UNKNOWN_STREAM_UNSPECIFIED",
    onTerminalFailure: "TERMINAL_FAILURE_UNSPECIFIED",
  };
  while (reader.next()) {
    if (reader.field === 1) message.sequence = reader.uint64();
    else if (reader.field === 2) message.mode = member(reader, MODES);
    else if (reader.field === 3) message.epoch = reader.uint64();
    else if (reader.field === 4) message.tiebreak = reader.uint64();
    else if (reader.field === 5) {
      message.initial = reader.uint64();
      message._initial = "initial";
    } else if (reader.field === 6) message.onUnknownStream = member(reader, UNKNOWN_STREAMS);
    else if (reader.field === 7) message.onTerminalFailure = member(reader, TERMINAL_FAILURES);
    else reader.skip();
  }
  return message;
}

export function result(reader: Reader): Result__Output {
  // Without a prototype: a caller may name an entry as it likes.
  const metadata: Record<string, string> = Object.create(null);
  const message: Mutable<Result__Output> = {
    body: EMPTY,
    contentType: "",
    metadata,
    reference: "",
    bodySize: "0",
    bodySha256: EMPTY,
  };
  while (reader.next()) {
    if (reader.field === 1) message.body = reader.bytes();
    else if (reader.field === 2) message.contentType = reader.sameText(CONTENT_TYPE);
    else if (reader.field === 3) {
      const [name, value] = reader.message(entry);
      metadata[name] = value;
    } else if (reader.field === 4) message.reference = reader.text("result.reference");
    else if (reader.field === 5) message.bodySize = reader.uint64();
    else if (reader.field === 6) message.bodySha256 = reader.bytes();
    else reader.skip();
  }
  return message;
}

function entry(reader: Reader): [name: string, value: string] {
  let [name, value] = ["", ""];
  while (reader.next()) {
    if (reader.field === 1) name = reader.text("result.metadata");
    else if (reader.field === 2) value = reader.text(`result.metadata.${name}`);
    else reader.skip();
  }
  return [name, value];
}
