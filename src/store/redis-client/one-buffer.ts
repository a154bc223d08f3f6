import { Command } from "ioredis";

const DOLLAR = 0x24;
const STAR = 0x2a;
const ZERO = 0x30;
const CR = 0x0d;
const LF = 0x0a;
/** Room for `$`, a length of at most ten digits, and two line ends, bytes. */
const FRAME_BYTES = 15;
/** Bytes that a character of a string takes at most. */
const CHARACTER_BYTES_MAX = 3;

/**
 * A command that writes itself into one buffer. The driver makes several strings and buffers of each argument where any
 * is a buffer, and a bundle of transitions has a thousand.
 */
export class OneBuffer extends Command {
  override toWritable(): Buffer {
    const { name, args } = this;
    let room = FRAME_BYTES * (args.length + 2) + name.length;
    for (const arg of args) room += typeof arg === "string" ? arg.length * CHARACTER_BYTES_MAX : sizeOf(arg);
    const out = Buffer.allocUnsafe(room);
    let end = writeLength(out, 0, STAR, args.length + 1);
    end = writeText(out, end, name);
    for (const arg of args) end = typeof arg === "string" ? writeText(out, end, arg) : writeBytes(out, end, arg);
    return out.subarray(0, end);
  }
}

type Bytes = Exclude<Command["args"][number], string>;

function sizeOf(arg: Bytes): number {
  return Buffer.isBuffer(arg) ? arg.length : String(arg).length;
}

function writeBytes(out: Buffer, from: number, arg: Bytes): number {
  if (!Buffer.isBuffer(arg)) return writeText(out, from, String(arg));
  const at = writeLength(out, from, DOLLAR, arg.length);
  out.set(arg, at);
  return writeLineEnd(out, at + arg.length);
}

function writeText(out: Buffer, from: number, text: string): number {
  const at = writeLength(out, from, DOLLAR, Buffer.byteLength(text));
  return writeLineEnd(out, at + out.write(text, at));
}

function writeLength(out: Buffer, from: number, mark: number, length: number): number {
  out[from] = mark;
  let digits = 1;
  for (let rest = length; rest >= 10; rest = Math.trunc(rest / 10)) digits++;
  let rest = length;
  for (let at = from + digits; at > from; at--) {
    out[at] = ZERO + (rest % 10);
    rest = Math.trunc(rest / 10);
  }
  return writeLineEnd(out, from + 1 + digits);
}

function writeLineEnd(out: Buffer, at: number): number {
  out[at] = CR;
  out[at + 1] = LF;
  return at + 2;
}
