import { type CallName, OUTCOMES, type OutcomeOf } from "./outcomes.ts";

/** Most namespaces that are counted by name; the rest are counted together, so that callers cannot fill the memory. */
const NAMESPACES_MAX = 100;
/** No namespace's name: it begins with a bracket. */
const OTHER_NAMESPACES = "(other)";

export interface CallCount {
  readonly namespace: string;
  readonly call: CallName;
  /** In the domain's words, such as `started`. */
  readonly outcome: string;
  readonly count: number;
}

/** What an operator should hear of beside the outcome of the call it happened in. */
export const NOTABLE = {
  takeover: "An attempt started in place of one whose lease had lapsed: somebody crashed, or was too slow.",
  resumed_start: "A Begin was repeated by the attempt that runs: an answer was lost on its way.",
  unguarded_start: "The store was unreachable and `fail_open` let the effect run without a record.",
  late_completion: "An attempt was completed after its lease had lapsed, and nobody had taken over.",
  restored_completion: "A completion arrived for a record that the store had lost, and was taken as the truth.",
  differing_completion: "A completion said something else than the one that is stored; the first one stands.",
} as const;
export type Notable = keyof typeof NOTABLE;
const NOTABLE_NAMES = Object.keys(NOTABLE) as readonly Notable[];

/** Attempts are told apart up to here. */
const ATTEMPT_NAMES = ["1", "2", "3", "4", "5", "6-10", "11+"] as const;

function attemptSlot(attempt: number): number {
  if (attempt <= 5) return attempt - 1;
  return attempt <= 10 ? 5 : 6;
}

/** Where each outcome of each call is counted. */
const SLOTS: Readonly<Record<string, Readonly<Record<string, number>>>> = numbered();
const SLOT_COUNT = Object.values(OUTCOMES).reduce((sum, outcomes) => sum + outcomes.length, 0);

function numbered() {
  let next = 0;
  return Object.fromEntries(
    Object.entries(OUTCOMES).map(([call, outcomes]) => [
      call,
      Object.fromEntries(outcomes.map((outcome) => [outcome, next++])),
    ]),
  );
}

/** What is counted for one namespace: numbers at fixed places, so that counting makes nothing. */
interface Counts {
  readonly outcomes: Float64Array;
  readonly starts: Float64Array;
  readonly notable: Float64Array;
}

/** What this process has answered since it started. */
export class CallTally {
  readonly #byNamespace = new Map<string, Counts>();
  readonly #errors = new Map<string, number>();

  count<Call extends CallName>(namespace: string, call: Call, outcome: OutcomeOf<Call>): void {
    const { outcomes } = this.#countsOf(namespace);
    const slot = SLOTS[call]?.[outcome] ?? 0;
    outcomes[slot] = (outcomes[slot] ?? 0) + 1;
  }

  /** A call that ended with an error status rather than an outcome. */
  countError(code: string): void {
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
  }

  /** An attempt that started, by its number; beside {@link count}. */
  countStart(namespace: string, attempt: number): void {
    const { starts } = this.#countsOf(namespace);
    const slot = attemptSlot(attempt);
    starts[slot] = (starts[slot] ?? 0) + 1;
  }

  /** Beside {@link count}, not in place of it. */
  countNotable(namespace: string, event: Notable): void {
    const { notable } = this.#countsOf(namespace);
    const slot = NOTABLE_NAMES.indexOf(event);
    notable[slot] = (notable[slot] ?? 0) + 1;
  }

  /** How often in all namespaces. */
  notable(event: Notable): number {
    const slot = NOTABLE_NAMES.indexOf(event);
    return [...this.#byNamespace.values()].reduce((sum, { notable }) => sum + (notable[slot] ?? 0), 0);
  }

  /** What has happened; with `unheard`, also the other outcomes of the calls that a namespace has made, at 0. */
  *calls({ unheard = false } = {}): Generator<CallCount> {
    for (const [namespace, { outcomes }] of this.#byNamespace) {
      for (const [call, slots] of Object.entries(SLOTS)) {
        const counts = Object.entries(slots).map(([outcome, slot]) => ({ outcome, count: outcomes[slot] ?? 0 }));
        if (counts.every(({ count }) => count === 0)) continue;
        for (const { outcome, count } of counts) {
          if (count > 0 || unheard) yield { namespace, call: call as CallName, outcome, count };
        }
      }
    }
  }

  *starts(): Generator<{ readonly namespace: string; readonly attempt: string; readonly count: number }> {
    for (const [namespace, { starts }] of this.#byNamespace) {
      for (const [slot, attempt] of ATTEMPT_NAMES.entries()) {
        yield { namespace, attempt, count: starts[slot] ?? 0 };
      }
    }
  }

  *notables(): Generator<{ readonly namespace: string; readonly event: Notable; readonly count: number }> {
    for (const [namespace, { notable }] of this.#byNamespace) {
      for (const [slot, event] of NOTABLE_NAMES.entries()) yield { namespace, event, count: notable[slot] ?? 0 };
    }
  }

  errors(): ReadonlyMap<string, number> {
    return this.#errors;
  }

  /** Every namespace that has been used, as far as they are counted by name. */
  namespaces(): string[] {
    return [...this.#byNamespace.keys()].filter((name) => name !== OTHER_NAMESPACES);
  }

  /** The name that a namespace is counted under. */
  nameOf(namespace: string): string {
    return this.#byNamespace.has(namespace) ? namespace : OTHER_NAMESPACES;
  }

  #countsOf(namespace: string): Counts {
    const known = this.#byNamespace.get(namespace);
    if (known !== undefined) return known;
    const name = this.#byNamespace.size < NAMESPACES_MAX ? namespace : OTHER_NAMESPACES;
    const counts = this.#byNamespace.get(name) ?? noCounts();
    this.#byNamespace.set(name, counts);
    return counts;
  }
}

function noCounts(): Counts {
  return {
    outcomes: new Float64Array(SLOT_COUNT),
    starts: new Float64Array(ATTEMPT_NAMES.length),
    notable: new Float64Array(NOTABLE_NAMES.length),
  };
}
