/** The sections of a packed record. Each is canonical: equal values are equal bytes; absent = empty. */
import { epochMs } from "../base/units.ts";
import type { RecordAddress } from "../domain/address.ts";
import type { Fingerprint } from "../domain/fingerprint.ts";
import type { Checkpoint } from "../domain/record.ts";
import type { StoredResult } from "../domain/result.ts";
import type { Ordering, OrderingMode } from "../domain/stream.ts";
import { Writer } from "./packed-writer.ts";

export const EMPTY = Buffer.alloc(0);

const scratch = new Writer();

/** One section by itself. */
function section(write: (out: Writer) => void): Buffer {
  scratch.restart();
  write(scratch);
  return scratch.finish();
}

const SHA256_BYTES = 32;
/** W3C trace context, version 00: trace id, parent id, flags. */
const TRACE_BYTES = 25;

export interface Cutter {
  (length: number): Buffer;
  offset(): number;
}

/** Cuts one section after the other off `bytes`, and throws rather than cut beyond the end. */
export function cutter(bytes: Buffer, start: number): Cutter {
  let offset = start;
  const cut = (length: number) => {
    if (offset + length > bytes.length) throw new RangeError(`a section of ${length} bytes runs over the end`);
    offset += length;
    return bytes.subarray(offset - length, offset);
  };
  return Object.assign(cut, { offset: () => offset });
}

export function packFingerprint(fingerprint: Fingerprint | undefined): Buffer {
  return section((out) => writeFingerprint(out, fingerprint));
}

/** Names that nearly every fingerprint has take one byte: this mark, plus the position. Others, their length first. */
const FREQUENT_ALGORITHMS = ["sha256", "jcs-sha256"];
const FREQUENT = 0x80;

export function writeFingerprint(out: Writer, fingerprint: Fingerprint | undefined): void {
  if (fingerprint === undefined) return;
  const frequent = FREQUENT_ALGORITHMS.indexOf(fingerprint.algorithm);
  if (frequent < 0) out.sized(fingerprint.algorithm, 1);
  else out.byte(FREQUENT + frequent);
  out.bytes(fingerprint.digest);
}

export function unpackFingerprint(bytes: Buffer): Fingerprint | undefined {
  if (bytes.length === 0) return undefined;
  const first = bytes.readUInt8(0);
  const cut = cutter(bytes, 1);
  const algorithm = first < FREQUENT ? cut(first).toString() : FREQUENT_ALGORITHMS[first - FREQUENT];
  if (algorithm === undefined) throw new Error(`fingerprint algorithm ${first}`);
  return { algorithm, digest: bytes.subarray(cut.offset()) };
}

/** `traceparent` of version 00, or empty; anything else was refused before it came here. */
export function writeTrace(out: Writer, traceparent: string): void {
  if (traceparent === "") return;
  out.hex(traceparent.slice(3, 35));
  out.hex(traceparent.slice(36, 52));
  out.hex(traceparent.slice(53));
}

export function unpackTrace(bytes: Buffer): string {
  if (bytes.length === 0) return "";
  if (bytes.length !== TRACE_BYTES) throw new Error(`a trace of ${bytes.length} bytes`);
  const hex = bytes.toString("hex");
  return `00-${hex.slice(0, 32)}-${hex.slice(32, 48)}-${hex.slice(48)}`;
}

export function writeAddress(out: Writer, { namespace, operation, stream, key }: RecordAddress): void {
  out.sized(namespace, 1);
  out.sized(operation, 1);
  out.sized(stream, 2);
  out.text(key);
}

export function unpackAddress(bytes: Buffer): RecordAddress {
  const cut = cutter(bytes, 0);
  const namespace = cut(cut(1).readUInt8()).toString();
  const operation = cut(cut(1).readUInt8()).toString();
  const stream = cut(cut(2).readUInt16BE()).toString();
  return { namespace, operation, stream, key: bytes.toString("utf8", cut.offset()) };
}

/** Number on disk = position + 1. */
const MODES: readonly OrderingMode[] = ["strict_next", "monotonic", "last_write_wins", "exact"];
const ADOPTS = 1;
const SKIPS = 2;

export function writeOrdering(out: Writer, ordering: Ordering | undefined): void {
  if (ordering === undefined) return;
  const adopts = ordering.onUnknownStream === "adopt" ? ADOPTS : 0;
  out.byte(MODES.indexOf(ordering.mode) + 1);
  out.byte(adopts | (ordering.onTerminalFailure === "skip" ? SKIPS : 0));
  for (const number of [ordering.sequence, ordering.epoch, ordering.tiebreak, ordering.initial]) out.big(number);
}

export function packOrdering(ordering: Ordering | undefined): Buffer {
  return section((out) => writeOrdering(out, ordering));
}

export function unpackOrdering(bytes: Buffer): Ordering | undefined {
  if (bytes.length === 0) return undefined;
  const mode = MODES[bytes.readUInt8(0) - 1];
  if (mode === undefined) throw new Error(`ordering mode ${bytes.readUInt8(0)}`);
  const flags = bytes.readUInt8(1);
  const number = (nth: number) => bytes.readBigUInt64BE(2 + nth * 8);
  return {
    mode,
    sequence: number(0),
    epoch: number(1),
    tiebreak: number(2),
    initial: number(3),
    onUnknownStream: (flags & ADOPTS) === 0 ? "require_initial" : "adopt",
    onTerminalFailure: (flags & SKIPS) === 0 ? "block" : "skip",
  };
}

export function packCheckpoint(checkpoint: Checkpoint | undefined): Buffer {
  return section((out) => writeCheckpoint(out, checkpoint));
}

export function writeCheckpoint(out: Writer, checkpoint: Checkpoint | undefined): void {
  if (checkpoint === undefined) return;
  out.big(checkpoint.step);
  out.number(checkpoint.savedAt, 6);
  out.sized(checkpoint.name, 2);
  out.bytes(checkpoint.data);
}

export function unpackCheckpoint(bytes: Buffer): Checkpoint | undefined {
  if (bytes.length === 0) return undefined;
  const cut = cutter(bytes, 0);
  const step = cut(8).readBigUInt64BE();
  const savedAt = epochMs(cut(6).readUIntBE(0, 6));
  const name = cut(cut(2).readUInt16BE()).toString();
  return { name, step, savedAt, data: bytes.subarray(cut.offset()) };
}

export function packResult(result: StoredResult | undefined): Buffer {
  return section((out) => writeResult(out, result));
}

/** The body follows its head where it is kept inline; a body kept apart, or not kept, leaves only its head. */
export function writeResult(out: Writer, result: StoredResult | undefined): void {
  if (result === undefined) return;
  out.number(result.bodySize, 4);
  out.byte(result.bodySha256 === undefined ? 0 : 1);
  if (result.bodySha256 !== undefined) out.bytes(result.bodySha256);
  out.sized(result.contentType, 2);
  out.sized(result.reference, 2);
  out.number(result.metadata.length * 2, 2);
  for (const [name, value] of result.metadata) {
    out.sized(name, 2);
    out.sized(value, 2);
  }
  if (result.bodySha256 === undefined && result.body !== undefined) out.bytes(result.body);
}

export function unpackResult(bytes: Buffer, bodyApart: boolean, apart: Buffer | undefined): StoredResult | undefined {
  if (bytes.length === 0) return undefined;
  const cut = cutter(bytes, 0);
  const bodySize = cut(4).readUInt32BE();
  const bodySha256 = cut(1).readUInt8() === 1 ? cut(SHA256_BYTES) : undefined;
  const text = () => cut(cut(2).readUInt16BE()).toString();
  const contentType = text();
  const reference = text();
  const metadata: [string, string][] = [];
  for (let left = cut(2).readUInt16BE(); left > 0; left -= 2) metadata.push([text(), text()]);
  const inline = bytes.subarray(cut.offset());
  if (bodySha256 !== undefined && inline.length > 0) throw new Error(`${inline.length} bytes behind the result`);
  const body = bodySha256 === undefined ? inline : bodyApart ? apart : undefined;
  if (body !== undefined && body.length !== bodySize)
    throw new Error(`a body of ${body.length}, not ${bodySize} bytes`);
  return { body, contentType, metadata, reference, bodySize, bodySha256 };
}
