/**
 * One stream as one string of bytes, the same in every store. Numbers are big-endian. `lua/lib/stream.lua` is the same
 * layout again.
 *
 * | offset | size | field | | offset | size | field |
 * |---|---|---|---|---|---|---|
 * | 0 | 1 | layout version, 1 | | 32 | 32 | reservation: record id |
 * | 1 | 1 | flags, see FLAG | | 64 | 8 | its token |
 * | 2 | 8 | epoch | | 72 | 8 | its sequence |
 * | 10 | 8 | last; 2^64-1 before place 0 | | 80 | 8 | its tiebreak |
 * | 18 | 8 | tiebreak | | 88 | 6 | end of its lease, ms |
 * | 26 | 6 | updated at, ms | | 94 | | nonce of the Advance that `last` came by |
 *
 * Without a reservation its bytes are 0.
 */
import { OncewardError } from "../base/errors.ts";
import { epochMs, fencingToken } from "../base/units.ts";
import { type Stream, UINT64_MAX } from "../domain/stream.ts";

const LAYOUT_VERSION = 1;
const HEADER_BYTES = 94;
const ID_LENGTH = 32;

const FLAG = {
  /** `last` is -1. */
  beforeZero: 1,
  reserved: 2,
  revoked: 4,
} as const;

export function packStream(stream: Stream): Buffer {
  const { epoch, last, tiebreak, reservation: held, advancedBy, updatedAt } = stream;
  const packed = Buffer.alloc(HEADER_BYTES + Buffer.byteLength(advancedBy));
  packed[0] = LAYOUT_VERSION;
  packed[1] = (last < 0n ? FLAG.beforeZero : 0) | (held ? FLAG.reserved : 0) | (held?.revoked ? FLAG.revoked : 0);
  packed.writeBigUInt64BE(epoch, 2);
  packed.writeBigUInt64BE(last < 0n ? UINT64_MAX : last, 10);
  packed.writeBigUInt64BE(tiebreak, 18);
  packed.writeUIntBE(updatedAt, 26, 6);
  if (held !== undefined) {
    packed.write(held.recordId, 32, ID_LENGTH, "latin1");
    packed.writeBigUInt64BE(held.token, 64);
    packed.writeBigUInt64BE(held.sequence, 72);
    packed.writeBigUInt64BE(held.tiebreak, 80);
    packed.writeUIntBE(held.until, 88, 6);
  }
  packed.write(advancedBy, HEADER_BYTES);
  return packed;
}

/** @throws {OncewardError} STORE_DAMAGED when the bytes are no stream of this layout; `name` names them. */
export function unpackStream(bytes: Buffer, name: string): Stream {
  if (bytes.length < HEADER_BYTES || bytes[0] !== LAYOUT_VERSION) {
    const cause = new Error(`${bytes.length} bytes of layout ${bytes[0]}`);
    throw new OncewardError("STORE_DAMAGED", `unreadable stream in ${name}`, { cause });
  }
  const flags = bytes.readUInt8(1);
  const reservation = {
    recordId: bytes.toString("latin1", 32, 32 + ID_LENGTH),
    token: fencingToken(bytes.readBigUInt64BE(64)),
    sequence: bytes.readBigUInt64BE(72),
    tiebreak: bytes.readBigUInt64BE(80),
    until: epochMs(bytes.readUIntBE(88, 6)),
    revoked: (flags & FLAG.revoked) !== 0,
  };
  return {
    epoch: bytes.readBigUInt64BE(2),
    last: (flags & FLAG.beforeZero) === 0 ? bytes.readBigUInt64BE(10) : -1n,
    tiebreak: bytes.readBigUInt64BE(18),
    updatedAt: epochMs(bytes.readUIntBE(26, 6)),
    reservation: (flags & FLAG.reserved) === 0 ? undefined : reservation,
    advancedBy: bytes.toString("utf8", HEADER_BYTES),
  };
}
