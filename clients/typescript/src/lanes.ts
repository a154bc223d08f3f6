/** The two ways in which calls leave: each in a message of its own, or those of one turn of the event loop together. */
import type { Channel, StatusObject } from "@grpc/grpc-js";
import { type Call, Flight } from "./call.ts";
import { errorOfCall, readItemError } from "./details.ts";
import { OncewardError } from "./errors.ts";
import { Reader } from "./protobuf-reader.ts";
import { aloneOf, joinItems, type Written } from "./protobuf-writer.ts";
import { type Failed, type Lane, settleOrRetry } from "./retry.ts";
import { type Rpc, send } from "./wire.ts";

/** What the sidecar allows in a batch. */
const BATCH_ITEMS_MAX = 500;
/** Bounds how long one message keeps the event loop of either side, and leaves room below the 4 MiB of gRPC. */
const BATCH_BYTES_MAX = 1024 * 1024;
/** Messages of one lane under way; calls beyond it wait, and leave in fewer and larger messages. */
const BATCHES_MAX = 32;
/** A call that may be settled that much after its deadline needs no timer besides its batch's, ms. */
const DEADLINE_SLACK_MS = 10;

const NO_ANSWER = new OncewardError("INTERNAL", "an answer that cannot be read");

type Decode<Out> = (reader: Reader) => Out;

/** A unary call each. */
export class SingleLane<Out> implements Lane<Out> {
  readonly #channel: Channel;
  readonly #rpc: Rpc;
  readonly #decode: Decode<Out>;

  constructor(channel: Channel, rpc: Rpc, decode: Decode<Out>) {
    this.#channel = channel;
    this.#rpc = rpc;
    this.#decode = decode;
  }

  push(call: Call<Out>): void {
    this.send(call, this);
  }

  /** `again`: the lane for another try. */
  send(call: Call<Out>, again: Lane<Out>, landed?: () => void): void {
    const flight = new Flight([call]);
    const message = { rpc: this.#rpc, message: aloneOf(call.request), deadline: call.deadline };
    const sent = send(this.#channel, message, (answer) => {
      landed?.();
      flight.land();
      const outcome = read(answer, this.#decode);
      if (outcome instanceof OncewardError) settleOrRetry([{ call, error: outcome }], again);
      else call.succeed(outcome);
    });
    flight.cancelWith(() => sent.cancel());
  }
}

interface BatchDeps<Out> {
  readonly channel: Channel;
  readonly rpc: Rpc;
  /** For a call that is alone in its turn, and for one whose answer is too large for a batch. */
  readonly single: SingleLane<Out>;
  readonly decode: Decode<Out>;
}

/** Gathers what is called in one turn of the event loop and sends it at its end. */
export class BatchLane<Out> implements Lane<Out> {
  readonly #deps: BatchDeps<Out>;
  #queue: Call<Out>[] = [];
  #scheduled = false;
  #underWay = 0;

  constructor(deps: BatchDeps<Out>) {
    this.#deps = deps;
  }

  push(call: Call<Out>): void {
    this.#queue.push(call);
    if (this.#underWay < BATCHES_MAX) this.#schedule();
    else call.arm();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }

  readonly #flush = () => {
    this.#scheduled = false;
    const queue = this.#queue;
    this.#queue = [];
    let from = 0;
    while (from < queue.length && this.#underWay < BATCHES_MAX) from = this.#sendFrom(queue, from);
    if (from === queue.length) return;
    this.#queue = queue.slice(from);
    for (const held of this.#queue) held.arm();
  };

  /** Sends as many as fit into one message; where the next one stands. */
  #sendFrom(queue: readonly Call<Out>[], from: number): number {
    const calls: Call<Out>[] = [];
    let bytes = 0;
    let next = from;
    for (; next < queue.length && calls.length < BATCH_ITEMS_MAX; next++) {
      const call = queue[next];
      if (call === undefined || call.settled) continue;
      const length = call.request.end - call.request.itemAt;
      if (calls.length > 0 && bytes + length > BATCH_BYTES_MAX) break;
      bytes += length;
      calls.push(call);
    }
    const [first] = calls;
    if (first === undefined) return next;
    this.#underWay++;
    if (calls.length === 1) this.#deps.single.send(first, this, this.#landed);
    else this.#send(calls);
    return next;
  }

  #send(calls: readonly Call<Out>[]): void {
    const flight = new Flight(calls);
    const items: Written[] = [];
    let deadline = 0;
    for (const call of calls) {
      items.push(call.request);
      if (call.deadline > deadline) deadline = call.deadline;
    }
    for (const call of calls) if (call.deadline < deadline - DEADLINE_SLACK_MS) call.arm();
    const { channel, rpc } = this.#deps;
    const sent = send(channel, { rpc, message: joinItems(items), deadline }, (answer) => {
      this.#landed();
      const outcomes = read(answer, this.#readItems);
      if (outcomes instanceof OncewardError) this.#allFailed(flight.land(), outcomes);
      else this.#answered(flight.land(), outcomes);
    });
    flight.cancelWith(() => sent.cancel());
  }

  readonly #landed = () => {
    this.#underWay--;
    if (this.#queue.length > 0) this.#schedule();
  };

  #allFailed(calls: readonly Call<Out>[], error: OncewardError): void {
    const failed = calls.map((call) => ({ call, error }));
    settleOrRetry(failed, this);
  }

  readonly #readItems = (reader: Reader) => {
    const items: (Out | OncewardError)[] = [];
    while (reader.next()) {
      if (reader.field === 1) items.push(reader.message(this.#readItem));
      else reader.skip();
    }
    return items;
  };

  readonly #readItem = (reader: Reader) => {
    let item: Out | OncewardError = NO_ANSWER;
    while (reader.next()) {
      if (reader.field === 1) item = reader.message(this.#deps.decode);
      else if (reader.field === 2) item = reader.message(readItemError);
      else reader.skip();
    }
    return item;
  };

  #answered(calls: readonly Call<Out>[], items: readonly (Out | OncewardError)[]): void {
    // Answers stand for calls by their places alone: of another number than was asked, none can be believed.
    if (items.length !== calls.length) {
      this.#allFailed(calls, NO_ANSWER);
      return;
    }
    const failed: Failed<Out>[] = [];
    let place = 0;
    for (const call of calls) {
      const item = items[place++] ?? NO_ANSWER;
      if (item instanceof OncewardError) this.#itemFailed(call, item, failed);
      else call.succeed(item);
    }
    if (failed.length > 0) settleOrRetry(failed, this);
  }

  #itemFailed(call: Call<Out>, error: OncewardError, failed: Failed<Out>[]): void {
    if (error.reason !== "RESPONSE_TOO_LARGE") {
      failed.push({ call, error });
      return;
    }
    call.land(error);
    if (!call.settled) this.#deps.single.push(call);
  }
}

function read<T>(answer: Buffer | StatusObject, decode: (reader: Reader) => T): T | OncewardError {
  if (!Buffer.isBuffer(answer)) return errorOfCall(answer);
  try {
    return decode(new Reader(answer));
  } catch (cause) {
    return new OncewardError("INTERNAL", NO_ANSWER.message, { cause });
  }
}
