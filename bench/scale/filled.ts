import { hash } from "node:crypto";
import type { Retention } from "../../src/domain/record.ts";
import type { IdempotencyStore } from "../../src/store/port.ts";
import { expectAnswer, repeat, Stopwatch, type Work } from "../load/loops.ts";
import { randomFingerprint, randomKey } from "../load/payloads.ts";
import { beginCommand, completeCommand } from "../load/store-work.ts";

/** Callers while the records are laid in: many, since nobody waits for one of them. */
const FILL_LOOPS = 512;
/** Between two looks at whether to go on. */
const FILL_CHUNK = 5000;

export interface FillOptions {
  /** Undefined = nothing expires while we look. */
  readonly retention?: Retention;
  readonly signal: AbortSignal;
  readonly show: (records: number) => void;
}

/** A store, and how many finished records lie in it. Which they are follows from their numbers: nothing is kept. */
export class Filled {
  readonly store: IdempotencyStore;
  #records: number;

  constructor(store: IdempotencyStore, records = 0) {
    this.store = store;
    this.#records = records;
  }

  get records(): number {
    return this.#records;
  }

  async fillTo(wanted: number, { retention, signal, show }: FillOptions): Promise<void> {
    while (this.#records < wanted) {
      signal.throwIfAborted();
      show(this.#records);
      const from = this.#records;
      const chunk = Math.min(FILL_CHUNK, wanted - from);
      // Nobody asks how long these took: what it has noted goes with it.
      const stopwatch = new Stopwatch();
      let next = from;
      await repeat(chunk, FILL_LOOPS, () => finish(this.store, recordAt(next++), stopwatch, retention));
      this.#records = from + chunk;
    }
  }

  /** Duplicates of records from anywhere in the store. */
  replays(random: () => number): Work {
    return {
      step: async (stopwatch) => {
        const { address, digest } = recordAt(Math.floor(random() * this.#records));
        const answer = await stopwatch.time("replay", () => this.store.begin(address, beginCommand(digest)));
        expectAnswer("Begin of a finished record", answer.kind, "replay");
      },
    };
  }

  /** New records, which are finished as well; only their Begin is timed. */
  begins(): Work {
    const idle = new Stopwatch();
    return {
      step: (stopwatch) =>
        finish(
          this.store,
          { address: addressOf(randomKey()), digest: randomFingerprint() },
          stopwatch,
          undefined,
          idle,
        ),
    };
  }
}

interface Numbered {
  readonly address: ReturnType<typeof addressOf>;
  readonly digest: Uint8Array;
}

/** Looks random, as keys do. */
export function recordAt(number: number): Numbered {
  const digest = hash("sha256", `record ${number}`, "buffer");
  return { address: addressOf(digest.toString("base64url", 0, 27)), digest };
}

function addressOf(key: string) {
  return { namespace: "default", operation: "charge", stream: "", key };
}

async function finish(
  store: IdempotencyStore,
  { address, digest }: Numbered,
  stopwatch: Stopwatch,
  retention: Retention | undefined,
  completing: Stopwatch = stopwatch,
): Promise<void> {
  const begun = await stopwatch.time("begin", () => store.begin(address, beginCommand(digest, retention)));
  if (begun.kind !== "started") throw new Error(`Begin of a new record: ${begun.kind}`);
  const command = completeCommand(begun.record.token, retention);
  const completed = await completing.time("complete", () => store.complete(address, command));
  expectAnswer("Complete", completed.kind, "stored");
}
