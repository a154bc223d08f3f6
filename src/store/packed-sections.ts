/** The sections of a packed record. Each is canonical: equal values are equal bytes; absent = empty. */
import { epochMs } from "../base/units.ts";
import type { RecordAddress } from "../domain/address.ts";
import type { Fingerprint } from "../domain/fingerprint.ts";
import type { Checkpoint } from "../domain/record.ts";
import type { StoredResult } from "../domain/result.ts";

export const EMPTY = Buffer.alloc(0);

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
  if (fingerprint === undefined) return EMPTY;
  return Buffer.concat([withLength(fingerprint.algorithm, 1), fingerprint.digest]);
}

export function unpackFingerprint(bytes: Buffer): Fingerprint | undefined {
  if (bytes.length === 0) return undefined;
  const cut = cutter(bytes, 1);
  const algorithm = cut(bytes.readUInt8(0)).toString();
  return { algorithm, digest: bytes.subarray(cut.offset()) };
}

/** `traceparent` of version 00, or empty; anything else was refused before it came here. */
export function packTrace(traceparent: string): Buffer {
  return traceparent === "" ? EMPTY : Buffer.from(traceparent.slice(3).replaceAll("-", ""), "hex");
}

export function unpackTrace(bytes: Buffer): string {
  if (bytes.length === 0) return "";
  if (bytes.length !== TRACE_BYTES) throw new Error(`a trace of ${bytes.length} bytes`);
  const hex = bytes.toString("hex");
  return `00-${hex.slice(0, 32)}-${hex.slice(32, 48)}-${hex.slice(48)}`;
}

export function packAddress(address: RecordAddress): Buffer {
  const { namespace, operation, stream, key } = address;
  return Buffer.concat([withLength(namespace, 1), withLength(operation, 1), withLength(stream, 2), Buffer.from(key)]);
}

export function unpackAddress(bytes: Buffer): RecordAddress {
  const cut = cutter(bytes, 0);
  const namespace = cut(cut(1).readUInt8()).toString();
  const operation = cut(cut(1).readUInt8()).toString();
  const stream = cut(cut(2).readUInt16BE()).toString();
  return { namespace, operation, stream, key: bytes.toString("utf8", cut.offset()) };
}

export function packCheckpoint(checkpoint: Checkpoint | undefined): Buffer {
  if (checkpoint === undefined) return EMPTY;
  const head = Buffer.alloc(14);
  head.writeBigUInt64BE(checkpoint.step, 0);
  head.writeUIntBE(checkpoint.savedAt, 8, 6);
  return Buffer.concat([head, withLength(checkpoint.name, 2), checkpoint.data]);
}

export function unpackCheckpoint(bytes: Buffer): Checkpoint | undefined {
  if (bytes.length === 0) return undefined;
  const cut = cutter(bytes, 0);
  const step = cut(8).readBigUInt64BE();
  const savedAt = epochMs(cut(6).readUIntBE(0, 6));
  const name = cut(cut(2).readUInt16BE()).toString();
  return { name, step, savedAt, data: bytes.subarray(cut.offset()) };
}

/** The body follows its head where it is kept inline; a body kept apart, or not kept, leaves only its head. */
export function packResult(result: StoredResult | undefined): Buffer {
  if (result === undefined) return EMPTY;
  const head = Buffer.alloc(5);
  head.writeUInt32BE(result.bodySize, 0);
  head[4] = result.bodySha256 === undefined ? 0 : 1;
  const metadata = result.metadata.flat().map((text) => withLength(text, 2));
  const count = Buffer.alloc(2);
  count.writeUInt16BE(metadata.length, 0);
  const strings = [withLength(result.contentType, 2), withLength(result.reference, 2), count, ...metadata];
  const inline = result.bodySha256 === undefined ? (result.body ?? EMPTY) : EMPTY;
  return Buffer.concat([head, result.bodySha256 ?? EMPTY, ...strings, inline]);
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

function withLength(text: string, size: 1 | 2): Buffer {
  const bytes = Buffer.byteLength(text);
  const out = Buffer.allocUnsafe(size + bytes);
  out.writeUIntBE(bytes, 0, size);
  out.write(text, size);
  return out;
}
