import { fileURLToPath } from "node:url";
import type { Answer, Burst, BurstOptions, OfferOptions, Order, Workload } from "../load/protocol.ts";
import { NODE_FLAGS } from "./servers.ts";
import type { Started, Workplace } from "./workplace.ts";

const LOADER = fileURLToPath(new URL("../load/main.ts", import.meta.url));
/** How much longer than it was meant to an order may take, ms: more than the deadline of a single call. */
const OVERTIME_MS_MAX = 15_000;
/** How long a variant may take to be prepared, ms: all of them are at once, and on a busy machine. */
const PREPARE_MS_MAX = 60_000;
/** An order without its id, whichever it is. */
type Wanted = Order extends infer O ? (O extends Order ? Omit<O, "id"> : never) : never;

/** A process of its own that makes calls: what calling costs is then no part of what is measured. */
export class Loader {
  readonly #started: Started;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 0;

  private constructor(started: Started) {
    this.#started = started;
    started.process.on("message", (answer: Answer) => this.#waiting.get(answer.id)?.(answer));
    started.process.once("exit", () => {
      for (const [id, settle] of this.#waiting) settle({ id, error: `${started.name} has ended\n${started.stderr()}` });
    });
  }

  static async start(workplace: Workplace, name: string): Promise<Loader> {
    const options = { channel: true, role: "caller" } as const;
    return new Loader(await workplace.start(name, process.execPath, [...NODE_FLAGS, LOADER], options));
  }

  get pid(): number {
    return this.#started.pid;
  }

  async prepare(variant: string, workload: Workload): Promise<void> {
    await this.#order({ order: "prepare", variant, workload }, PREPARE_MS_MAX);
  }

  burst(variant: string, options: BurstOptions): Promise<Burst> {
    return this.#measured({ order: "burst", variant, ...options }, options.ms);
  }

  offer(variant: string, options: OfferOptions): Promise<Burst> {
    return this.#measured({ order: "offer", variant, ...options }, options.ms);
  }

  async #measured(wanted: Wanted, ms: number): Promise<Burst> {
    const { burst } = await this.#order(wanted, ms + OVERTIME_MS_MAX);
    if (burst === undefined) throw new Error(`${wanted.variant}: the load process says nothing about its burst`);
    return burst;
  }

  async #order(wanted: Wanted, msMax: number): Promise<Exclude<Answer, { error: string }>> {
    const id = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const overdue = setTimeout(() => resolve({ id, error: `no answer within ${msMax} ms` }), msMax);
    this.#waiting.set(id, resolve);
    this.#started.process.send({ ...wanted, id });
    const answer = await promise.finally(() => {
      clearTimeout(overdue);
      this.#waiting.delete(id);
    });
    if ("error" in answer) throw new Error(`${wanted.variant}: ${answer.error}`);
    return answer;
  }
}
