import { OncewardError } from "../../base/errors.ts";
import { type Argument, type Connection, RETRY_AFTER_MS } from "../redis-client/connection.ts";
import type { Reply } from "./replies.ts";
import type { Scripts, TransitionName } from "./scripts.ts";

/** Calls of one script in one turn from which on they share a call: fewer are not worth the taking apart. */
export const BUNDLE_MIN = 3;
/** Arguments of a call that can share one: their number is told in a byte. Only a hundred old secrets come near it. */
const ARGS_MAX = 255;
/** Calls that share one at most: Redis serves nobody else meanwhile, a millisecond or two. */
const CALLS_MAX = 100;
/** Bytes of bodies and the like after which a bundle takes no more, roughly. */
const BYTES_MAX = 256 * 1024;

interface Waiting {
  readonly keys: readonly string[];
  /** Without the stamp. */
  readonly args: readonly Argument[];
  readonly resolve: (reply: Reply) => void;
  readonly reject: (fault: unknown) => void;
}

export interface BundlerDeps {
  /** Of the shard, for faults. */
  readonly name: string;
  readonly connection: Connection;
  readonly scripts: Scripts;
  /** Of the shard table: the first argument of every transition. */
  readonly stamp: Buffer;
  readonly bundleMin: number;
}

/**
 * Transitions that are asked for in one event-loop turn and are calls of one script go to Redis as one, in their order:
 * each is decided by itself, as if it had come alone.
 */
export class Bundler {
  readonly #deps: BundlerDeps;
  readonly #waiting = new Map<TransitionName, Waiting[]>();

  constructor(deps: BundlerDeps) {
    this.#deps = deps;
  }

  run(script: TransitionName, keys: readonly string[], args: readonly Argument[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(script);
      const call = { keys, args, resolve, reject };
      if (waiting !== undefined) {
        waiting.push(call);
        return;
      }
      if (this.#waiting.size === 0) setImmediate(() => this.#flush());
      this.#waiting.set(script, [call]);
    });
  }

  #flush(): void {
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const [script, calls] of all) {
      for (const bundle of parcelled(calls)) {
        const tooMany = bundle.some(({ args }) => args.length > ARGS_MAX);
        if (tooMany || bundle.length < this.#deps.bundleMin) for (const call of bundle) this.#single(script, call);
        else this.#bundle(script, bundle);
      }
    }
  }

  #single(script: TransitionName, { keys, args, resolve, reject }: Waiting): void {
    const { connection, scripts, stamp } = this.#deps;
    // What a script answers stands in its head under Returns.
    connection.run(scripts[script], keys, [stamp, ...args]).then((reply) => resolve(reply as Reply), reject);
  }

  #bundle(script: TransitionName, calls: readonly Waiting[]): void {
    const { connection, scripts, stamp } = this.#deps;
    const counts = Buffer.from(calls.map(({ args }) => args.length));
    const keys: string[] = [];
    const args: Argument[] = [stamp, counts];
    for (const call of calls) {
      keys.push(...call.keys);
      args.push(...call.args);
    }
    connection.run(scripts.bundles[script], keys, args).then(
      (replies) => this.#settle(calls, replies as readonly Reply[]), // as `bundled` says
      (fault) => {
        for (const { reject } of calls) reject(fault);
      },
    );
  }

  #settle(calls: readonly Waiting[], replies: readonly Reply[]): void {
    for (const [n, { resolve, reject }] of calls.entries()) {
      const reply = replies[n];
      if (reply === undefined) reject(this.#fault("it was left out of an answer"));
      else if (reply[0].toString() === "fault") reject(this.#fault(String(reply[1])));
      else resolve(reply);
    }
  }

  #fault(why: string): OncewardError {
    const { name } = this.#deps;
    const details = { cause: new Error(why), shard: name, retryAfterMs: RETRY_AFTER_MS };
    return new OncewardError("STORE_UNAVAILABLE", `shard ${name} gave no answer`, details);
  }
}

/** The calls in parcels of bounded size, in their order. */
function* parcelled(calls: readonly Waiting[]): Generator<readonly Waiting[]> {
  let [from, bytes] = [0, 0];
  for (const [n, { args }] of calls.entries()) {
    if (n > from && (n - from >= CALLS_MAX || bytes > BYTES_MAX)) {
      yield calls.slice(from, n);
      [from, bytes] = [n, 0];
    }
    for (const arg of args) bytes += typeof arg === "number" ? 0 : arg.length;
  }
  yield calls.slice(from);
}
