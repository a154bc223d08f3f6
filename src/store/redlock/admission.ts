import { assertNever } from "../../base/assert.ts";
import { type Clock, monotonicMs } from "../../base/clock.ts";
import type { EpochMs } from "../../base/units.ts";
import { every, later, pause } from "../../base/wait.ts";
import type { Logger } from "../../telemetry/logger.ts";
import type { Warning } from "../port.ts";
import type { Sight } from "./inspect.ts";
import { type Circumstances, judge, type Verdict } from "./judge.ts";
import type { LeaseNode } from "./node.ts";

/** How often nodes that are reached but do not vote are looked at again, ms. */
const LOOK_AGAIN_MS = 500;
/** How often nodes that vote are: settings change, and one that keeps no longer all must be marked before it ends. */
const INSPECT_EVERY_MS = 1000;
/** How often the first verdict on all nodes is asked for while the store opens, ms. */
const FIRST_VERDICT_MS = 5;

export interface AdmissionDeps extends Omit<Circumstances, "hasServed" | "weakened"> {
  readonly nodes: readonly LeaseNode[];
  /** What is read from several nodes is read within this, ms: less than a node that lost its data is kept out. */
  readonly readMs: number;
  readonly logger: Logger;
  readonly clock: Clock;
}

type Mark = Extract<Verdict, { kind: "mark" }>;

/** Admits nodes to the vote, and keeps out those that may have forgotten something; see judge.ts for the rules. */
export class Admission {
  readonly #deps: AdmissionDeps;
  readonly #stop: (() => void)[];
  readonly #since = new Map<string, EpochMs>();
  /** Every one that was seen; one for each time that a node was weakened. */
  readonly #weakened = new Set<string>();
  #hasServed = false;
  #judging = false;
  #judgeAgain = false;
  #closed = false;

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
    this.#stop = [
      every(LOOK_AGAIN_MS, () => this.#lookAt((node) => !node.votes)),
      every(INSPECT_EVERY_MS, () => this.#lookAt((node) => node.votes)),
    ];
  }

  /** Resolves once a majority votes and every node has been tried, or the time is over. */
  async settled(withinMs: number): Promise<void> {
    const end = monotonicMs() + withinMs;
    const { nodes, majority } = this.#deps;
    const isSettled = () => nodes.every((node) => node.tried) && nodes.filter((node) => node.votes).length >= majority;
    while (!isSettled() && monotonicMs() < end) await pause(FIRST_VERDICT_MS);
  }

  warnings(): readonly Warning[] {
    const found = this.#deps.nodes.flatMap((node) =>
      (node.view.sight?.findings ?? []).map(({ code, message }) => ({ code, message: `${node.address}: ${message}` })),
    );
    const current = new Set(found.map(({ message }) => message));
    for (const message of this.#since.keys()) if (!current.has(message)) this.#since.delete(message);
    return found.map(({ code, message }) => {
      const since = this.#since.get(message) ?? this.#deps.clock.now();
      this.#since.set(message, since);
      return { code, message, since };
    });
  }

  /** Something else is seen of a node. */
  seen(): void {
    this.#judgeAgain = true;
    if (!this.#judging) void this.#judgeAll();
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#stop) stop();
  }

  #lookAt(whom: (node: LeaseNode) => boolean): void {
    for (const node of this.#deps.nodes.filter(whom)) void node.look();
  }

  async #judgeAll(): Promise<void> {
    this.#judging = true;
    while (this.#judgeAgain && !this.#closed) {
      this.#judgeAgain = false;
      await this.#judgeOnce();
    }
    this.#judging = false;
  }

  async #judgeOnce(): Promise<void> {
    const { nodes, majority, waitMs, clockFloor } = this.#deps;
    const views = nodes.map((node) => node.view);
    for (const { sight } of views) {
      for (const generation of sight?.weakened ?? []) this.#weakened.add(generation);
      if (sight?.marker?.keeps === "less") this.#weakened.add(sight.marker.generation);
    }
    const weakened = this.#weakened;
    const verdicts = judge(views, { majority, waitMs, clockFloor, weakened, hasServed: this.#hasServed });
    const marks: Promise<void>[] = nodes.map((node, n) => this.#spread(node, views[n]?.sight));
    for (const [n, node] of nodes.entries()) {
      const verdict = verdicts[n];
      if (verdict !== undefined) marks.push(this.#obey(node, verdict, views[n]?.sight));
    }
    if (nodes.filter((node) => node.votes).length >= majority) this.#hasServed = true;
    await Promise.all(marks);
  }

  /** A node whose disk was behind may not know it when it is back: so each of the others has to. */
  async #spread(node: LeaseNode, sight: Sight | undefined): Promise<void> {
    const missing = sight === undefined ? [] : [...this.#weakened.difference(new Set(sight.weakened))];
    if (missing.length === 0) return;
    const untold = (err: unknown) => this.#deps.logger.debug({ err, node: node.address }, "a lease node was not told");
    await node.note(missing).catch(untold); // it is looked at again before long
  }

  async #obey(node: LeaseNode, verdict: Verdict, judged: Sight | undefined): Promise<void> {
    switch (verdict.kind) {
      case "vote":
        if (!node.votes) this.#deps.logger.info({ node: node.address }, "a lease node votes");
        return node.admit();
      case "keep_out":
        if (judged !== undefined) node.keepOut(verdict.reason);
        return this.#lookWhenDue(node);
      case "mark":
        return judged === undefined ? undefined : this.#mark(node, judged, verdict);
      default:
        return assertNever(verdict);
    }
  }

  /** The wait of a node that joins ends between two looks. */
  #lookWhenDue(node: LeaseNode): void {
    const left = this.#deps.waitMs - node.view.seenForMs;
    if (left > 0 && left < LOOK_AGAIN_MS) later(left + 1, () => void node.look());
  }

  /** Replaces what was judged, and nothing that came after. A look after the marking decides, whoever marked. */
  async #mark(node: LeaseNode, judged: Sight, { as, copy, reason }: Mark): Promise<void> {
    const about = { node: node.address, as, reason };
    node.keepOut(reason);
    try {
      const counters = await this.#maxima(node, copy);
      const isOurs = await node.mark(judged, as, { counters, forgot: copy !== "nothing" });
      if (isOurs) this.#deps.logger.warn(about, "a lease node is marked");
    } catch (err) {
      this.#deps.logger.debug({ err, ...about }, "a lease node could not be marked");
      return; // it is looked at again before long
    }
    await node.look();
  }

  /** The highest counters of so many nodes that one of them has accepted each finished token. */
  async #maxima(joining: LeaseNode, copy: Mark["copy"]): Promise<ReadonlyMap<string, string>> {
    if (copy === "nothing") return new Map();
    const { nodes, majority, readMs } = this.#deps;
    const from = nodes.filter((node) =>
      copy === "voting" ? node !== joining && node.votes : node.view.sight !== undefined,
    );
    const enough = copy === "voting" ? majority : from.length;
    const startedAt = monotonicMs();
    const fences = (await Promise.allSettled(from.map((node) => node.counters()))).flatMap((one) =>
      one.status === "fulfilled" ? [one.value] : [],
    );
    if (fences.length < enough) throw new Error(`${fences.length} of ${enough} fences could be read`);
    if (monotonicMs() - startedAt > readMs) throw new Error("reading the fences took too long");
    const maxima = new Map<string, string>();
    for (const [bucket, counter] of fences.flatMap((fence) => [...fence])) {
      if (Number(counter) > Number(maxima.get(bucket) ?? 0)) maxima.set(bucket, counter);
    }
    return maxima;
  }
}
