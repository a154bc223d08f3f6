/** Leases on nodes that are killed, held up, cut off and out of time, and a check of all that was answered. */
import { OncewardError } from "../../src/base/errors.ts";
import { uniqueId } from "../../src/base/random.ts";
import { durationMs, fencingToken } from "../../src/base/units.ts";
import { pause } from "../../src/base/wait.ts";
import type { AcquireCommand, AcquireOutcome } from "../../src/domain/lease.ts";
import type { LeaseStore } from "../../src/store/port.ts";
import { placeOf } from "../../src/store/redlock/keys.ts";
import { type Acquisition, duplicatesIn, inversionsIn, overlapsIn } from "./lease-chaos-history.ts";
import { afflict, shiftClocks } from "./lease-chaos-nemesis.ts";
import { openWorld, TTL_MS_MAX, type World } from "./lease-chaos-world.ts";

const NAMESPACE = "chaos";
const RESOURCES = ["a", "b", "c"];
const CONTENDERS_PER_RESOURCE = 3;
/** A call that takes longer has no deadline: eight node timeouts, and what a busy machine adds, ms. */
const CALL_MS_MAX = 5000;
/** Longest wait for a lease once all nodes are back, ms. */
const RECOVERY_MS = 10_000;
/** Long enough for the next probe to tell that a node was unwell, ms. */
const PROBED_MS = 150;
const PROGRESS_MS = 1000;
/** Superseded tokens are picked from so many of a resource's latest. */
const FENCES_CHECKED_OF = 5;

export interface ChaosOptions {
  readonly nodes: number;
  readonly seed: number;
  readonly seconds: number;
  /** Clocks jump, too. */
  readonly shifts: boolean;
  /** Nodes keep their data, and so are killed without a pause. */
  readonly durable: boolean;
  /** Nodes that do not are killed back to an older state, not emptied. */
  readonly snapshots?: boolean;
  readonly onProgress?: (soFar: Pick<ChaosReport, "acquisitions" | "counts">) => void;
}

export interface ChaosReport {
  readonly acquisitions: number;
  /** How often what was answered, or done to nodes. */
  readonly counts: Readonly<Record<string, number>>;
  /** Two held a lease at once: allowed only where clocks jump. */
  readonly overlaps: readonly string[];
  /** Whatever must not happen. */
  readonly faults: readonly string[];
}

/** Uniform in [0, 1), the same for the same seed (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export async function runLeaseChaos(options: ChaosOptions): Promise<ChaosReport> {
  const random = seededRandom(options.seed);
  const { nodes: count, durable, snapshots = false } = options;
  const world = await openWorld({ count, durable, snapshots, random });
  const run = new Run(world, random, options.shifts);
  const stop = new AbortController();
  const ending = setTimeout(() => stop.abort(), options.seconds * 1000);
  const telling = setInterval(() => options.onProgress?.(run.soFar()), PROGRESS_MS);
  try {
    const contending = RESOURCES.flatMap((resource) =>
      Array.from({ length: CONTENDERS_PER_RESOURCE }, (_, n) => run.contend(resource, n, stop.signal)),
    );
    const alone = world.stores.map((store, n) => run.alone(store, n, stop.signal));
    const nemesis = { random, signal: stop.signal };
    const afflicting = afflict(world, { ...nemesis, durable: options.durable });
    afflicting.catch(() => stop.abort());
    const locks = RESOURCES.map((resource) => placeOf({ namespace: NAMESPACE, resource }).lock);
    const shifting = options.shifts ? shiftClocks(world, locks, nemesis) : Promise.resolve(0);
    await Promise.all([...contending, ...alone, shifting]);
    run.counts.set("shift", await shifting);
    for (const [name, count] of await afflicting) run.counts.set(name, count);
    await run.recover();
    return run.report();
  } finally {
    clearTimeout(ending);
    clearInterval(telling);
    await world.close();
  }
}

class Run {
  readonly counts = new Map<string, number>();
  readonly #world: World;
  readonly #random: () => number;
  readonly #shifts: boolean;
  readonly #history: Acquisition[] = [];
  readonly #faults: string[] = [];

  constructor(world: World, random: () => number, shifts: boolean) {
    this.#world = world;
    this.#random = random;
    this.#shifts = shifts;
  }

  soFar(): Pick<ChaosReport, "acquisitions" | "counts"> {
    return { acquisitions: this.#history.length, counts: Object.fromEntries(this.counts) };
  }

  report(): ChaosReport {
    const history = this.#history;
    const overlaps = overlapsIn(history);
    const faults = [...this.#faults, ...duplicatesIn(history), ...inversionsIn(history)];
    if (!this.#shifts) faults.push(...overlaps);
    return { ...this.soFar(), overlaps, faults };
  }

  /** Takes one resource again and again, and does with it what holders do: keep, renew, give back, or vanish. */
  async contend(resource: string, n: number, signal: AbortSignal): Promise<void> {
    let command = this.#command();
    while (!signal.aborted) {
      const store = this.#store(n + Math.floor(this.#random() * 2));
      const acquisition = await this.#acquire(store, resource, command);
      if (acquisition === "unavailable" && this.#random() < 0.7) continue; // the same lease once more
      if (typeof acquisition === "object") await this.#hold(store, acquisition, command);
      else await pause(this.#random() * 30);
      await this.#checkFence(store, resource);
      command = this.#command();
    }
  }

  /** No token is the latest that was given out before one that is known. */
  async #checkFence(store: LeaseStore, resource: string): Promise<void> {
    const tokens = this.#history.filter((one) => one.resource === resource).map(({ token }) => token);
    const latest = tokens.reduce((a, b) => (a > b ? a : b), 0n);
    const superseded = tokens.slice(-FENCES_CHECKED_OF).filter((token) => token < latest);
    const token = superseded[Math.floor(this.#random() * superseded.length)];
    if (token === undefined) return;
    const invokedAt = performance.now();
    try {
      const { kind } = await store.checkFence({ namespace: NAMESPACE, resource }, fencingToken(token));
      this.#count(`fence ${kind}`);
      if (kind === "current") this.#faults.push(`${resource}: ${token} was called current after ${latest}`);
    } catch (fault) {
      this.#note(fault, `check the fence of ${resource}`, invokedAt);
    }
  }

  /** Takes resources that nobody else ever asks for: none is ever busy. */
  async alone(store: LeaseStore, n: number, signal: AbortSignal): Promise<void> {
    for (let turn = 0; !signal.aborted; turn++) {
      const resource = `alone-${n}-${turn}`;
      const command = this.#command();
      const acquisition = await this.#acquire(store, resource, command);
      if (acquisition === "busy") this.#faults.push(`${resource} was busy, and nobody else ever asked for it`);
      if (typeof acquisition === "object") await this.#release(store, acquisition);
      await pause(5 + this.#random() * 20);
    }
  }

  /** Once all nodes are back, every resource can be had again, with a token above all before. */
  async recover(): Promise<void> {
    for (const resource of RESOURCES) {
      const end = performance.now() + RECOVERY_MS;
      while (typeof (await this.#acquire(this.#store(0), resource, this.#command())) !== "object") {
        if (performance.now() > end) return void this.#faults.push(`${resource} can no longer be had`);
        await pause(20);
      }
    }
  }

  #command(): AcquireCommand {
    const ttl = durationMs(Math.floor(200 + this.#random() * (TTL_MS_MAX - 200)));
    return { leaseId: uniqueId(), owner: "chaos", ttl };
  }

  #store(n: number): LeaseStore {
    const { stores } = this.#world;
    const store = stores[n % stores.length];
    if (store === undefined) throw new Error("no store");
    return store;
  }

  async #acquire(store: LeaseStore, resource: string, command: AcquireCommand) {
    const invokedAt = performance.now();
    let outcome: AcquireOutcome;
    try {
      outcome = await store.acquire({ namespace: NAMESPACE, resource }, command);
    } catch (fault) {
      this.#note(fault, `acquire ${resource}`, invokedAt);
      const maySay = this.#shifts && RESOURCES.includes(resource); // its own lock was ended under its hands
      if (!maySay) await this.#checkUnavailable(fault, `acquire ${resource}`, invokedAt);
      return "unavailable";
    }
    const answeredAt = performance.now();
    this.#count(outcome.kind);
    this.#checkDuration(`acquire ${resource}`, invokedAt);
    if (outcome.kind === "busy") return "busy";
    const { token, validity } = outcome;
    if (validity <= 0 || validity >= command.ttl) this.#faults.push(`a validity of ${validity} of ${command.ttl} ms`);
    const { leaseId } = command;
    const validUntil = answeredAt + validity;
    const acquisition: Acquisition = { resource, leaseId, token, invokedAt, answeredAt, validUntil };
    this.#history.push(acquisition);
    return acquisition;
  }

  async #hold(store: LeaseStore, acquisition: Acquisition, { ttl }: AcquireCommand): Promise<void> {
    await pause(this.#random() * 40);
    for (let renewals = 0; renewals < 3 && this.#random() < 0.4; renewals++) {
      if (!(await this.#renew(store, acquisition, ttl))) return;
      await pause(this.#random() * 60);
    }
    if (this.#random() < 0.9) await this.#release(store, acquisition);
    else this.#count("vanished");
  }

  async #renew(store: LeaseStore, acquisition: Acquisition, ttl: AcquireCommand["ttl"]): Promise<boolean> {
    const { resource, leaseId } = acquisition;
    const invokedAt = performance.now();
    const token = fencingToken(acquisition.token);
    try {
      const outcome = await store.renew({ namespace: NAMESPACE, resource }, { leaseId, token, ttl });
      const now = performance.now();
      this.#count(outcome.kind);
      if (outcome.kind === "renewed") {
        acquisition.validUntil = Math.max(acquisition.validUntil, now + outcome.validity);
        return true;
      }
      if (now < acquisition.validUntil && !this.#shifts) this.#faults.push(`a lease on ${resource} was lost too early`);
      acquisition.validUntil = Math.min(now, acquisition.validUntil);
      return false;
    } catch (fault) {
      this.#note(fault, `renew ${resource}`, invokedAt);
      return performance.now() < acquisition.validUntil;
    }
  }

  async #release(store: LeaseStore, acquisition: Acquisition): Promise<void> {
    const invokedAt = performance.now();
    acquisition.validUntil = Math.min(acquisition.validUntil, invokedAt);
    const { resource, leaseId } = acquisition;
    try {
      const proof = { leaseId, token: fencingToken(acquisition.token) };
      this.#count((await store.release({ namespace: NAMESPACE, resource }, proof)).kind);
    } catch (fault) {
      this.#note(fault, `release ${resource}`, invokedAt);
    }
  }

  /**
   * It must not be told while a majority has been well since before the call; of contenders that split the votes of
   * fewer than all nodes, while all have.
   */
  async #checkUnavailable(fault: unknown, what: string, invokedAt: number): Promise<void> {
    const { majority, nodes } = this.#world;
    const enough = String(fault).includes("others have it on some nodes") ? nodes.length : majority;
    await pause(PROBED_MS);
    if (this.#world.wellSince(invokedAt) < enough) return;
    this.#faults.push(`${what}: unavailable, while ${enough} nodes were well: ${String(fault)}`);
  }

  #note(fault: unknown, what: string, invokedAt: number): void {
    const isTold = fault instanceof OncewardError && fault.code === "STORE_UNAVAILABLE";
    if (!isTold) this.#faults.push(`${what}: ${String(fault)}`);
    this.#count("unavailable");
    this.#checkDuration(what, invokedAt);
  }

  #checkDuration(what: string, invokedAt: number): void {
    const ms = performance.now() - invokedAt;
    if (ms > CALL_MS_MAX) this.#faults.push(`${what} took ${Math.round(ms)} ms`);
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}
