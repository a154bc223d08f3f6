import { monotonicMs } from "../../base/clock.ts";
import { every, pause } from "../../base/wait.ts";
import { type Child, startChild } from "./child.ts";
import type { Grip } from "./grip.ts";

/** How often the time that is left is looked at, ms. No single timer is trusted to come in time. */
const TICK_MS = 10;
/**
 * SIGKILL is sent so long before the lease may be somebody else's: a share of its length within bounds in ms. A process
 * dies within a few milliseconds of it, and on a busy machine a tick may be late.
 */
const KILL_MARGIN = { share: 1 / 20, min: 100, max: 5000 };
/** How long SIGTERM comes before that, the same way: what a command has to end by itself. */
const GRACE = { share: 1 / 5, min: 200, max: 15_000 };
/** Longest wait for what the command left behind to be gone, and between looks, ms. A container may reap no orphans. */
const CLEAR_MS_MAX = 200;
const CLEAR_LOOK_MS = 5;
/** What is told to the whole group. SIGHUP too: a terminal that closes would leave the command without its guard. */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

interface Under {
  readonly command: readonly string[];
  readonly ttlMs: number;
  readonly env: NodeJS.ProcessEnv;
}

interface Outcome {
  /** Of the command, as a shell would say. */
  readonly code: number;
  /** Why the lease was lost; undefined = it was ours all the time. */
  readonly lostFor: string | undefined;
}

/**
 * Runs a command for as long as the lease is in our grip, and not a moment longer. What the command leaves behind in
 * its process group ends with it, since the lease is given back then. Nothing is printed while it runs: a reader that
 * takes nothing must not hold up the signals.
 * @throws {NotStarted}
 */
export async function runUnder(grip: Grip, { command, ttlMs, env }: Under): Promise<Outcome> {
  const group = new Group(grip, ttlMs);
  for (const name of FORWARDED) process.on(name, group.forward);
  const stopLooking = every(TICK_MS, () => group.look());
  try {
    group.look();
    if (group.lostFor !== undefined) return { code: 0, lostFor: group.lostFor };
    const child = await startChild(command, env);
    group.take(child);
    const keeping = grip.keep(() => group.lose("the sidecar says that it has run out or was taken away"));
    const code = await Promise.race([child.ended, keeping.then(() => child.ended)]);
    return { code, lostFor: group.lostFor };
  } finally {
    stopLooking();
    grip.close();
    await group.clear();
    for (const name of FORWARDED) process.off(name, group.forward);
  }
}

/** The command's process group, from before it is started, and what is left of its time. */
class Group {
  readonly #grip: Grip;
  readonly #killMargin: number;
  readonly #grace: number;
  readonly #early: NodeJS.Signals[] = [];
  #child: Child | undefined;
  #killAt = Number.POSITIVE_INFINITY;
  #lostFor: string | undefined;

  constructor(grip: Grip, ttlMs: number) {
    this.#grip = grip;
    this.#killMargin = partOf(ttlMs, KILL_MARGIN);
    this.#grace = partOf(ttlMs, GRACE);
  }

  get lostFor(): string | undefined {
    return this.#lostFor;
  }

  /** Tells it what came while it was being started. */
  take(child: Child): void {
    this.#child = child;
    for (const name of this.#early) this.forward(name);
  }

  readonly forward = (name: NodeJS.Signals): void => {
    if (this.#child === undefined) this.#early.push(name);
    else this.#child.signal(name);
  };

  /** SIGTERM now, SIGKILL after the grace, or as long before the end as it takes. */
  lose(reason: string): void {
    if (this.#lostFor !== undefined) return;
    this.#lostFor = reason;
    this.#killAt = Math.min(monotonicMs() + this.#grace, this.#grip.validUntil - this.#killMargin);
    this.forward("SIGTERM");
    this.#grip.close();
  }

  look(): void {
    const now = monotonicMs();
    if (now >= this.#grip.validUntil - this.#killMargin - this.#grace) this.lose(this.#grip.trouble);
    if (now >= this.#killAt) this.forward("SIGKILL");
  }

  /** Leaves nobody of it, before the lease is given back. */
  async clear(): Promise<void> {
    const end = monotonicMs() + CLEAR_MS_MAX;
    while (this.#child?.signal("SIGKILL") && monotonicMs() < end) await pause(CLEAR_LOOK_MS);
  }
}

function partOf(ttlMs: number, { share, min, max }: typeof GRACE): number {
  return Math.min(max, Math.max(min, ttlMs * share));
}
