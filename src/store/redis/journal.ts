import type { Clock } from "../../base/clock.ts";
import type { EpochMs } from "../../base/units.ts";
import type { Logger } from "../../telemetry/logger.ts";
import type { GapWindow, Warning } from "../port.ts";
import type { Finding } from "./inspect.ts";

/** Most gap windows that a process remembers; the oldest go first. */
const GAPS_MAX = 100;

/** What an operator should know of one shard: findings that hold now, and losses that happened. */
export class Journal {
  readonly #shard: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #warnings = new Map<string, Warning>();
  #gaps: GapWindow[] = [];

  constructor(deps: { readonly shard: string; readonly clock: Clock; readonly logger: Logger }) {
    this.#shard = deps.shard;
    this.#clock = deps.clock;
    this.#logger = deps.logger;
  }

  get warnings(): readonly Warning[] {
    return [...this.#warnings.values()];
  }

  get gaps(): readonly GapWindow[] {
    return this.#gaps;
  }

  /** What an inspection found; what it found no longer is forgotten. */
  found(findings: readonly Finding[]): void {
    for (const code of this.#warnings.keys()) {
      if (code !== "DATA_LOST" && !findings.some((finding) => finding.code === code)) this.#warnings.delete(code);
    }
    for (const { code, message } of findings) this.#warn(code, message);
  }

  /** Acknowledged writes of the time from `from` on may be gone; 0 = any that there ever were. */
  lost(what: string, from: EpochMs): void {
    const to = this.#clock.now();
    this.#gaps = [...this.#gaps, { shard: this.#shard, from, to }].slice(-GAPS_MAX);
    this.#warnings.delete("DATA_LOST");
    this.#warn("DATA_LOST", what);
  }

  #warn(code: string, what: string): void {
    const before = this.#warnings.get(code);
    const message = `shard ${this.#shard}: ${what}`;
    this.#warnings.set(code, { code, message, since: before?.since ?? this.#clock.now() });
    if (before === undefined) this.#logger.warn({ shard: this.#shard, code }, message);
  }
}
