/**
 * The least of an HTTP/2 client (RFC 9113) that unary gRPC calls need. grpc-js costs a caller two and three times what
 * a call costs the server, which then idles, is woken for every call, and is measured with what that costs: a server's
 * core is busy only where the caller is cheaper than it.
 */
import { connect, type Socket } from "node:net";
import { DEADLINE_MS } from "./payloads.ts";

const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const FRAME_HEADER_BYTES = 9;
const MESSAGE_HEADER_BYTES = 5;
const DATA = 0;
const HEADERS = 1;
const SETTINGS = 4;
const PING = 6;
const WINDOW_UPDATE = 8;
const ACK = 1;
const END_STREAM = 1;
const END_HEADERS = 4;
/** Settings, by their numbers. */
const STREAMS_MAX = 3;
const INITIAL_WINDOW = 4;
/** Streams that a server must allow at once: more than there are callers. */
const STREAMS_NEEDED = 1000;
/** What every stream and the connection may send before they are told otherwise, bytes. */
const DEFAULT_WINDOW = 65_535;
/** What the server may send us, bytes: so much that it never waits. */
const OUR_STREAM_WINDOW = 16 * 1024 * 1024;
const OUR_WINDOW = 1024 * 1024 * 1024;
/** A frame holds no more where nothing else was agreed on. */
const FRAME_BYTES_MAX = 16_384;
/** Entries of HPACK's static table (RFC 7541, appendix A), and the first of the dynamic one. */
const STATIC = { ":method: POST": 3, ":scheme: http": 6 } as const;
const NAMES: Readonly<Record<string, number>> = { ":authority": 1, ":path": 4, "content-type": 31, "user-agent": 58 };
const DYNAMIC_FROM = 62;

interface Waiting {
  readonly resolve: (message: Buffer) => void;
  readonly reject: (error: Error) => void;
  parts: Buffer[];
}

/** One connection to a gRPC server. Calls of one turn of the event loop leave in one write. */
export class Http2Connection {
  readonly #socket: Socket;
  readonly #headers: RequestHeaders;
  readonly #waiting = new Map<number, Waiting>();
  #out: Buffer[] = [];
  #flushing = false;
  #nextStream = 1;
  #window = DEFAULT_WINDOW;
  #streamWindow = DEFAULT_WINDOW;
  /** What the window has no room for yet. */
  #held: { readonly stream: number; readonly message: Buffer; at: number }[] = [];
  #received = 0;
  #rest: Buffer = Buffer.alloc(0);
  #failure: Error | undefined;

  /** @param address `host:port` */
  constructor(address: string) {
    const [host = "", port = ""] = address.split(":");
    this.#headers = new RequestHeaders(address);
    this.#socket = connect({ host, port: Number(port), noDelay: true });
    this.#socket.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#socket.on("error", (error) => this.#fail(error));
    this.#socket.on("close", () => this.#fail(new Error("the server closed the connection")));
    const settings = Buffer.alloc(6);
    settings.writeUInt16BE(INITIAL_WINDOW, 0);
    settings.writeUInt32BE(OUR_STREAM_WINDOW, 2);
    this.#out.push(Buffer.from(PREFACE, "latin1"), frame(SETTINGS, 0, 0, settings), windowUpdate(OUR_WINDOW));
    this.#flushLater();
  }

  /** Resolves with the one message of the answer. Rejects when the call failed, in whatever way: none should. */
  call(path: string, message: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) throw this.#failure;
      const stream = this.#nextStream;
      this.#nextStream += 2;
      this.#waiting.set(stream, { resolve, reject, parts: [] });
      this.#out.push(frame(HEADERS, END_HEADERS, stream, this.#headers.block(path)));
      const data = Buffer.allocUnsafe(MESSAGE_HEADER_BYTES + message.length);
      data[0] = 0; // not compressed
      data.writeUInt32BE(message.length, 1);
      message.copy(data, MESSAGE_HEADER_BYTES);
      if (data.length > this.#streamWindow)
        throw new Error(`a message of ${data.length} bytes has no room in a stream`);
      this.#held.push({ stream, message: data, at: 0 });
      this.#sendHeld();
      this.#flushLater();
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  /** As much as the connection's window allows, the oldest first. */
  #sendHeld(): void {
    let sent = 0;
    for (const held of this.#held) {
      while (held.at < held.message.length && this.#window > 0) {
        const end = Math.min(held.message.length, held.at + Math.min(this.#window, FRAME_BYTES_MAX));
        const flags = end === held.message.length ? END_STREAM : 0;
        this.#out.push(frame(DATA, flags, held.stream, held.message.subarray(held.at, end)));
        this.#window -= end - held.at;
        held.at = end;
      }
      if (held.at < held.message.length) break;
      sent++;
    }
    this.#held.splice(0, sent);
  }

  #flushLater(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      const out = this.#out;
      this.#out = [];
      if (out.length > 0) this.#socket.write(Buffer.concat(out));
    });
  }

  #take(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= FRAME_HEADER_BYTES) {
      const end = at + FRAME_HEADER_BYTES + bytes.readUIntBE(at, 3);
      if (end > bytes.length) break;
      const payload = bytes.subarray(at + FRAME_HEADER_BYTES, end);
      this.#takeFrame(bytes[at + 3] ?? -1, bytes[at + 4] ?? 0, bytes.readUInt32BE(at + 5), payload);
      at = end;
    }
    this.#rest = bytes.subarray(at);
  }

  #takeFrame(type: number, flags: number, stream: number, payload: Buffer): void {
    switch (type) {
      case DATA:
        this.#waiting.get(stream)?.parts.push(payload);
        this.#giveBack(payload.length);
        return;
      case HEADERS:
        // Of an answer the headers, and after its message the trailers: those without a message are a failure.
        if ((flags & END_STREAM) !== 0) this.#ended(stream);
        return;
      case SETTINGS:
        if ((flags & ACK) === 0) this.#agree(payload);
        return;
      case PING:
        if ((flags & ACK) === 0) this.#out.push(frame(PING, ACK, 0, payload));
        this.#flushLater();
        return;
      case WINDOW_UPDATE:
        if (stream !== 0) return; // a stream has sent all it had by then
        this.#window += payload.readUInt32BE(0);
        this.#sendHeld();
        this.#flushLater();
        return;
      default:
        this.#fail(new Error(`the server sent a frame of type ${type}`));
    }
  }

  #agree(settings: Buffer): void {
    for (let at = 0; at < settings.length; at += 6) {
      const value = settings.readUInt32BE(at + 2);
      if (settings.readUInt16BE(at) === INITIAL_WINDOW) this.#streamWindow = value;
      if (settings.readUInt16BE(at) === STREAMS_MAX && value < STREAMS_NEEDED) {
        this.#fail(new Error(`only ${value} streams are allowed at once`));
      }
    }
    this.#out.push(frame(SETTINGS, ACK, 0, Buffer.alloc(0)));
    this.#flushLater();
  }

  #giveBack(bytes: number): void {
    this.#received += bytes;
    if (this.#received < OUR_WINDOW / 2) return;
    this.#out.push(windowUpdate(this.#received));
    this.#received = 0;
    this.#flushLater();
  }

  #ended(stream: number): void {
    const waiting = this.#waiting.get(stream);
    if (waiting === undefined) return;
    this.#waiting.delete(stream);
    const { parts } = waiting;
    const answer = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
    const length = answer.length - MESSAGE_HEADER_BYTES;
    if (length < 0) waiting.reject(new Error("the call failed"));
    else if (answer[0] !== 0 || answer.readUInt32BE(1) !== length)
      waiting.reject(new Error("that is no single message"));
    else waiting.resolve(answer.subarray(MESSAGE_HEADER_BYTES));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#socket.destroy();
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

/** The headers of a call as HPACK has them; what is the same every time is told once, and named afterwards. */
class RequestHeaders {
  readonly #constant: readonly (readonly [name: string, value: string])[];
  /** Of the dynamic table, the oldest first. */
  readonly #table: string[] = [];
  readonly #blocks = new Map<string, Buffer>();

  constructor(authority: string) {
    // As grpc-js sends them, a deadline included.
    this.#constant = [
      [":authority", authority],
      ["te", "trailers"],
      ["content-type", "application/grpc"],
      ["user-agent", "onceward-bench"],
      ["grpc-accept-encoding", "identity,deflate,gzip"],
      ["accept-encoding", "identity"],
      ["grpc-timeout", `${DEADLINE_MS}m`],
    ];
  }

  block(path: string): Buffer {
    const known = this.#blocks.get(path);
    if (known !== undefined) return known;
    const size = this.#table.length;
    const parts: Buffer[] = [Buffer.from(Object.values(STATIC).map((place) => 0x80 | place))];
    for (const [name, value] of [[":path", path] as const, ...this.#constant]) parts.push(this.#field(name, value));
    const block = Buffer.concat(parts);
    if (this.#table.length === size) this.#blocks.set(path, block);
    else this.#blocks.clear(); // every place has moved
    return block;
  }

  #field(name: string, value: string): Buffer {
    const line = `${name}: ${value}`;
    const place = this.#table.indexOf(line);
    if (place >= 0) return Buffer.from([0x80 | (DYNAMIC_FROM + this.#table.length - 1 - place)]);
    this.#table.push(line);
    const known = NAMES[name];
    const start = known === undefined ? Buffer.concat([Buffer.from([0x40]), text(name)]) : Buffer.from([0x40 | known]);
    return Buffer.concat([start, text(value)]);
  }
}

/** Without Huffman's code; shorter than 127 bytes. */
function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value, "latin1")]);
}

function windowUpdate(bytes: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes);
  return frame(WINDOW_UPDATE, 0, 0, payload);
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  payload.copy(bytes, FRAME_HEADER_BYTES);
  return bytes;
}
