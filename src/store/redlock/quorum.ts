import type { Redis } from "ioredis";
import Redlock, { ExecutionError, Lock } from "redlock";
import { monotonicMs } from "../../base/clock.ts";
import { OncewardError } from "../../base/errors.ts";
import { type Random, uniqueId } from "../../base/random.ts";
import type { DurationMs } from "../../base/units.ts";
import { RETRY_AFTER_MS } from "../redis-client/connection.ts";
import type { LeaseNode } from "./node.ts";

/**
 * Longest an operation takes, in node timeouts: a vote and its undoing, twice proposed and healed, and room for what is
 * asked last. It is also what a node that lost its data waits at least, so that nobody still counts on its old votes.
 */
const OPERATION_NODE_TIMEOUTS = 8;
/** What one more step may still take, in node timeouts: itself, and taking it back. */
const STEP_NODE_TIMEOUTS = 2;

export interface Ballot<Answer> {
  /** One vote; rejects when the node gives none, within the node timeout. */
  readonly ask: (node: LeaseNode) => Promise<Answer>;
  readonly isFor: (answer: Answer) => boolean;
  /** Run on every node when there is no majority. */
  readonly undo?: (node: LeaseNode) => Promise<unknown>;
}

export interface Count<Answer> {
  /** A majority of all nodes, those that are down included, was for it. */
  readonly won: boolean;
  /** What has been answered so far; it fills until `all`. */
  readonly answers: ReadonlyMap<LeaseNode, Answer>;
  /** Once every node has answered, or has run out of time. */
  readonly all: Promise<void>;
}

interface Box {
  readonly vote: (node: LeaseNode) => Promise<boolean>;
  readonly undo: (node: LeaseNode) => Promise<unknown>;
}

export interface Deadline {
  /** There is no time for another step. */
  readonly isNear: boolean;
  readonly isOver: boolean;
}

/**
 * Puts a question to all nodes and counts until a majority has decided. `redlock` counts: each of its clients is an
 * adapter that is handed the name of a ballot in place of a key, and answers 1 for a vote in favour. Its retries, its
 * scripts and its clock are not used; its undoing of a failed acquisition is.
 */
export class Quorum {
  readonly nodes: readonly LeaseNode[];
  readonly majority: number;
  readonly clockFloor: boolean;
  readonly random: Random;
  readonly operationMs: number;
  readonly #stepMs: number;
  readonly #redlock: Redlock;
  readonly #boxes = new Map<string, Box>();

  constructor(deps: {
    readonly nodes: readonly LeaseNode[];
    readonly nodeTimeout: DurationMs;
    readonly clockFloor: boolean;
    readonly random: Random;
  }) {
    this.nodes = deps.nodes;
    this.majority = Math.floor(deps.nodes.length / 2) + 1;
    this.clockFloor = deps.clockFloor;
    this.random = deps.random;
    this.operationMs = operationMsOf(deps.nodeTimeout);
    this.#stepMs = deps.nodeTimeout * STEP_NODE_TIMEOUTS;
    const scripts = { acquireScript: "vote", extendScript: "ask", releaseScript: "undo" };
    const adapters = deps.nodes.map((node) => ({
      // The counter sends its own scripts by name only; there is nothing that it could evaluate in full.
      eval: () => Promise.reject(new Error("not a script")),
      evalsha: (sha: string, _keys: number, [name]: readonly string[]) => this.#answer(node, sha, name ?? ""),
    }));
    // Typed as whole clients; these two members are all that it uses.
    this.#redlock = new Redlock(adapters as unknown as Redis[], { retryCount: 0 }, scripts);
  }

  get voting(): number {
    return this.nodes.filter((node) => node.votes).length;
  }

  deadline(): Deadline {
    const end = monotonicMs() + this.operationMs;
    const stepMs = this.#stepMs;
    return {
      get isNear() {
        return monotonicMs() > end - stepMs;
      },
      get isOver() {
        return monotonicMs() > end;
      },
    };
  }

  async count<Answer>({ ask, isFor, undo }: Ballot<Answer>): Promise<Count<Answer>> {
    const name = uniqueId();
    const answers = new Map<LeaseNode, Answer>();
    const vote = async (node: LeaseNode) => {
      const answer = await ask(node);
      answers.set(node, answer);
      return isFor(answer);
    };
    this.#boxes.set(name, { vote, undo: undo ?? (() => Promise.resolve()) });
    const { won, attempts } = await this.#decide(name, undo !== undefined);
    const all = Promise.all(attempts).then(() => void this.#boxes.delete(name));
    return { won, answers, all };
  }

  /** As {@link count}, once every node has answered, or has run out of time. */
  async countAll<Answer>(ballot: Ballot<Answer>): Promise<Count<Answer>> {
    const count = await this.count(ballot);
    await count.all;
    return count;
  }

  /** The outcome is not known, for want of answers. */
  unavailable(why: string): OncewardError {
    const troubled = this.nodes.filter(({ trouble }) => trouble !== "");
    const cause = new Error(troubled.map(({ address, trouble }) => `${address}: ${trouble}`).join("; "));
    const details = { cause, shard: "lease nodes", retryAfterMs: RETRY_AFTER_MS };
    return new OncewardError("STORE_UNAVAILABLE", `lease nodes: ${why}`, details);
  }

  /** @throws STORE_UNAVAILABLE unless a majority has answered. */
  assertMajority(answers: ReadonlyMap<LeaseNode, unknown>): void {
    if (answers.size >= this.majority) return;
    throw this.unavailable(`${answers.size} of ${this.nodes.length} answered, ${this.majority} are needed`);
  }

  async #decide(name: string, undoes: boolean) {
    const { POSITIVE_INFINITY } = Number;
    try {
      const lock = undoes
        ? await this.#redlock.acquire([name], 1)
        : await this.#redlock.extend(new Lock(this.#redlock, [name], name, [], POSITIVE_INFINITY), 1);
      return { won: true, attempts: lock.attempts };
    } catch (fault) {
      if (fault instanceof ExecutionError) return { won: false, attempts: fault.attempts };
      throw fault;
    }
  }

  async #answer(node: LeaseNode, sha: string, name: string): Promise<number> {
    const box = this.#boxes.get(name);
    if (box === undefined) throw new Error("an unknown ballot");
    if (sha !== this.#redlock.scripts.releaseScript.hash) return (await box.vote(node)) ? 1 : 0;
    await box.undo(node);
    return 1;
  }
}

/** Longest an operation takes, ms. */
export function operationMsOf(nodeTimeout: DurationMs): number {
  return nodeTimeout * OPERATION_NODE_TIMEOUTS;
}
