import { OncewardError } from "../../base/errors.ts";
import { later } from "../../base/wait.ts";
import { type Connection, RETRY_AFTER_MS } from "../redis-client/connection.ts";
import { RespWriter } from "../redis-client/resp-writer.ts";
import { type Reply, tagOf } from "./replies.ts";
import type { Scripts, TransitionName } from "./scripts.ts";

/** Keys and arguments of a call: their numbers are told in a byte each. Only a hundred old secrets come near it. */
const ARGS_MAX = 255;
/** Calls that share one at most: Redis serves nobody else meanwhile, a millisecond or two. */
const CALLS_MAX = 100;
/** Bytes of arguments after which a bundle takes no more. */
const BYTES_MAX = 256 * 1024;

/**
 * Longest that a call is held back while Redis has others to answer, ms: a server that does not answer holds nobody up
 * for longer. An answer is mostly there in less.
 */
const HOLD_MS = 1;

/** Bundles that Redis has yet to answer, from which on calls are held back: one under way, and one behind it. */
const UNANSWERED_MAX = 2;

/** A transition that is asked for. It is told of its end once, one way or the other. */
export interface Call {
  /** How many there are. */
  writeKeys(out: RespWriter): number;
  /** Those after the stamp; how many there are. */
  writeArguments(out: RespWriter): number;
  settle(reply: Reply): void;
  fail(fault: unknown): void;
}

export interface BundlerDeps {
  /** Of the shard, for faults. */
  readonly name: string;
  readonly connection: Connection;
  readonly scripts: Scripts;
  /** Of the shard table: the first argument of every transition. */
  readonly stamp: Buffer;
  /** Redis has answered a bundle, and all of it stood under our stamp. */
  readonly onReplies: () => void;
  /** The fault of a call that found another stamp, or none. */
  readonly wrongStamp: () => OncewardError;
}

/**
 * Transitions that are asked for in one event-loop turn and are calls of one script go to Redis as one, in their order:
 * each is decided by itself, as if it had come alone. While Redis has others to answer they wait for those that come
 * meanwhile, as Nagle's algorithm has it (RFC 896): a lone caller never waits, and many callers share what a message to
 * Redis costs both sides. They are written as they come, and answered without a promise each: of a hundred calls, most
 * of the time went into what stands between them.
 */
export class Bundler {
  readonly #deps: BundlerDeps;
  readonly #open = new Map<TransitionName, Bundle>();
  /** Bundles that Redis has not answered. */
  #unanswered = 0;
  #flushDue = false;
  #stopHolding: (() => void) | undefined;

  constructor(deps: BundlerDeps) {
    this.#deps = deps;
  }

  add(script: TransitionName, call: Call): void {
    const bundle = this.#bundleOf(script);
    bundle.add(call);
    if (bundle.full) this.#send(script, bundle);
    else if (this.#unanswered >= UNANSWERED_MAX) this.#stopHolding ??= later(HOLD_MS, () => this.#flush());
    else if (!this.#flushDue) {
      this.#flushDue = true;
      setImmediate(() => this.#flush());
    }
  }

  #bundleOf(script: TransitionName): Bundle {
    const known = this.#open.get(script) ?? new Bundle();
    this.#open.set(script, known);
    return known;
  }

  #flush(): void {
    this.#flushDue = false;
    this.#stopHolding?.();
    this.#stopHolding = undefined;
    this.#deps.connection.together(() => {
      for (const [script, bundle] of this.#open) if (bundle.calls.length > 0) this.#send(script, bundle);
    });
  }

  #send(name: TransitionName, bundle: Bundle): void {
    const { connection, scripts, stamp } = this.#deps;
    const script = scripts[name];
    const { calls, command } = bundle.take(script.sha, stamp);
    this.#unanswered += 1;
    connection.runEncoded(script, command).then(
      (replies) => {
        this.#answered();
        if (Buffer.isBuffer(replies)) this.#settleAlike(calls, replies);
        else this.#settle(calls, replies as readonly Reply[]); // as `bundled` says
      },
      (fault) => {
        this.#answered();
        for (const call of calls) call.fail(fault);
      },
    );
  }

  #answered(): void {
    this.#unanswered -= 1;
    if (this.#unanswered < UNANSWERED_MAX && this.#stopHolding !== undefined) this.#flush();
  }

  /** Each was answered with bytes, and all with as many. */
  #settleAlike(calls: readonly Call[], replies: Buffer): void {
    const length = replies.length / calls.length;
    let at = 0;
    for (const call of calls) {
      if (Number.isInteger(length)) call.settle(replies.subarray(at, at + length));
      else call.fail(this.#fault(`it was left out of ${replies.length} bytes`));
      at += length;
    }
    this.#deps.onReplies();
  }

  #settle(calls: readonly Call[], replies: readonly Reply[]): void {
    let stamped = true;
    for (const [n, call] of calls.entries()) {
      const reply = replies[n];
      if (reply === undefined) call.fail(this.#fault("it was left out of an answer"));
      else if (Buffer.isBuffer(reply)) call.settle(reply);
      else {
        const tag = tagOf(reply);
        if (tag === "fault") call.fail(this.#fault(String(reply[1])));
        else if (tag === "wrong_shard") {
          stamped = false;
          call.fail(this.#deps.wrongStamp());
        } else call.settle(reply);
      }
    }
    if (stamped) this.#deps.onReplies();
  }

  #fault(why: string): OncewardError {
    const { name } = this.#deps;
    const details = { cause: new Error(why), shard: name, retryAfterMs: RETRY_AFTER_MS };
    return new OncewardError("STORE_UNAVAILABLE", `shard ${name} gave no answer`, details);
  }
}

const whole = new RespWriter();

/** Calls of one script that have not gone out yet. */
class Bundle {
  calls: Call[] = [];
  readonly #keys = new RespWriter();
  readonly #args = new RespWriter();
  /** Of each call, how many keys it has, and how many arguments. */
  readonly #counts = new Uint8Array(2 * CALLS_MAX);
  #keyCount = 0;
  #argCount = 0;

  get full(): boolean {
    return this.calls.length >= CALLS_MAX || this.#args.length > BYTES_MAX;
  }

  /** @throws what the call throws while it is written, or that it has too many arguments: then it is not among them. */
  add(call: Call): void {
    const keysEnd = this.#keys.length;
    const argsEnd = this.#args.length;
    try {
      const keyCount = call.writeKeys(this.#keys);
      const argCount = call.writeArguments(this.#args);
      if (argCount > ARGS_MAX) throw new Error(`${argCount} arguments: at most ${ARGS_MAX} can be told`);
      const at = 2 * this.calls.length;
      this.#counts[at] = keyCount;
      this.#counts[at + 1] = argCount;
      this.#keyCount += keyCount;
      this.#argCount += argCount;
      this.calls.push(call);
    } catch (fault) {
      this.#keys.cut(keysEnd);
      this.#args.cut(argsEnd);
      throw fault;
    }
  }

  /** What goes out, and whom to tell; nothing is left. */
  take(sha: string, stamp: Buffer): { readonly calls: readonly Call[]; readonly command: Buffer } {
    whole.restart();
    whole.array(3 + this.#keyCount + 2 + this.#argCount);
    whole.text("EVALSHA");
    whole.text(sha);
    whole.argument(this.#keyCount);
    whole.append(this.#keys);
    whole.bytes(stamp);
    whole.bytes(this.#counts.subarray(0, 2 * this.calls.length));
    whole.append(this.#args);
    const { calls } = this;
    this.calls = [];
    this.#keyCount = 0;
    this.#argCount = 0;
    this.#keys.restart();
    this.#args.restart();
    return { calls, command: whole.finish() };
  }
}
