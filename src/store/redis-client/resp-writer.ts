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
  /** What {@link key} wrote last, and where that stands. */
  #name = "";
  #nameAt = 0;

  get length(): number {
    return this.#end;
  }

  /** Forgets what was written after the first so many bytes. */
  cut(length: number): void {
    this.#end = length;
    this.#name = "";
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

  text(value: string): void {
    this.#reserve(FRAME_BYTES + value.length * CHARACTER_BYTES_MAX);
    const from = this.#end;
    // Nearly all are ASCII: then what they take is known beforehand, and they are written once.
    this.#head(DOLLAR, value.length);
    const written = this.#room.write(value, this.#end);
    if (written !== value.length) {
      this.#end = from;
      this.#head(DOLLAR, written);
      this.#room.write(value, this.#end);
    }
    this.#end += written;
    this.#lineEnd();
  }

  /** One argument of three parts, none of which has to be joined to another for it; all ASCII. */
  key(tag: string, mark: string, name: string): void {
    const length = tag.length + mark.length + name.length;
    this.#reserve(FRAME_BYTES + length);
    this.#head(DOLLAR, length);
    this.#ascii(tag);
    this.#ascii(mark);
    this.#again(name);
    this.#lineEnd();
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

  /** Character by character: for what is short that beats the call into native code. */
  #ascii(value: string): void {
    const room = this.#room;
    let at = this.#end;
    for (let index = 0; index < value.length; index++) room[at++] = value.charCodeAt(index);
    this.#end = at;
  }

  /** Names stand in several keys, one after the other: from the second on they are copied from where they stand. */
  #again(name: string): void {
    const room = this.#room;
    let at = this.#end;
    this.#end += name.length;
    if (name !== this.#name || this.#nameAt + name.length > at) room.write(name, at, "latin1");
    else for (let from = this.#nameAt; at < this.#end; ) room[at++] = room[from++] ?? 0;
    this.#name = name;
    this.#nameAt = this.#end - name.length;
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
