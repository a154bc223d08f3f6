const DOLLAR = 0x24;
const STAR = 0x2a;
const ZERO = 0x30;
const CR = 0x0d;
const LF = 0x0a;
/** Room for a mark, a length of at most ten digits, and two line ends, bytes. */
const FRAME_BYTES = 15;
/** Bytes that a character of a string takes at most. */
const CHARACTER_BYTES_MAX = 3;
/** Room that is kept for the next command, bytes; what a larger one took is given back. */
const KEPT_BYTES = 64 * 1024;

/** Writes a command, or part of one, as Redis reads it (RESP), into room that is used again and again. */
export class RespWriter {
  #room = Buffer.allocUnsafe(4096);
  #end = 0;

  get length(): number {
    return this.#end;
  }

  /** Forgets what was written after the first so many bytes. */
  cut(length: number): void {
    this.#end = length;
  }

  restart(): void {
    this.cut(0);
    if (this.#room.length > KEPT_BYTES) this.#room = Buffer.allocUnsafe(KEPT_BYTES);
  }

  /** So many arguments follow, the name of the command among them. */
  array(length: number): void {
    this.#reserve(FRAME_BYTES);
    this.#head(STAR, length);
  }

  /** Where its first byte stands. */
  text(value: string): number {
    this.#reserve(FRAME_BYTES + value.length * CHARACTER_BYTES_MAX);
    const from = this.#end;
    // Nearly all are ASCII: then what they take is known beforehand, and they are written once.
    this.#head(DOLLAR, value.length);
    let at = this.#end;
    const written = this.#room.write(value, at);
    if (written !== value.length) {
      this.#end = from;
      this.#head(DOLLAR, written);
      at = this.#end;
      this.#room.write(value, at);
    }
    this.#end += written;
    this.#lineEnd();
    return at;
  }

  /** Room for so many bytes of whole arguments, which the caller fills in: where it begins in {@link room}. */
  claim(bytes: number): number {
    this.#reserve(bytes);
    this.#end += bytes;
    return this.#end - bytes;
  }

  /** Until more is written. */
  get room(): Buffer {
    return this.#room;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(FRAME_BYTES + value.length);
    this.#head(DOLLAR, value.length);
    this.#room.set(value, this.#end);
    this.#end += value.length;
    this.#lineEnd();
  }

  /** So many bytes from the start of `room`. */
  bytesOf(room: Buffer, length: number): void {
    this.#reserve(FRAME_BYTES + length);
    this.#head(DOLLAR, length);
    room.copy(this.#room, this.#end, 0, length);
    this.#end += length;
    this.#lineEnd();
  }

  argument(value: string | number | Uint8Array): void {
    if (typeof value === "object") this.bytes(value);
    else this.text(typeof value === "string" ? value : String(value));
  }

  /** What another one has written. */
  append(other: RespWriter): void {
    this.#reserve(other.#end);
    other.#room.copy(this.#room, this.#end, 0, other.#end);
    this.#end += other.#end;
  }

  /** A copy of all that was written. */
  finish(): Buffer {
    const copy = Buffer.allocUnsafe(this.#end);
    this.#room.copy(copy, 0, 0, this.#end);
    return copy;
  }

  #head(mark: number, length: number): void {
    const room = this.#room;
    const from = this.#end;
    room[from] = mark;
    let digits = 1;
    for (let rest = length; rest >= 10; rest = Math.trunc(rest / 10)) digits++;
    let rest = length;
    for (let at = from + digits; at > from; at--) {
      room[at] = ZERO + (rest % 10);
      rest = Math.trunc(rest / 10);
    }
    this.#end = from + 1 + digits;
    this.#lineEnd();
  }

  #lineEnd(): void {
    this.#room[this.#end++] = CR;
    this.#room[this.#end++] = LF;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#room.length) return;
    const room = Buffer.allocUnsafe(Math.max(this.#room.length * 2, this.#end + bytes));
    this.#room.copy(room, 0, 0, this.#end);
    this.#room = room;
  }
}
