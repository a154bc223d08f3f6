/** Most namespaces that are counted by name; the rest are counted together, so that callers cannot fill the memory. */
const NAMESPACES_MAX = 100;
/** No namespace's name: it begins with a bracket. */
const OTHER_NAMESPACES = "(other)";

/** The single calls, whether they came alone, in a batch or on a session. */
export type CallName =
  | ("Begin" | "Complete" | "Get" | "Renew" | "Checkpoint" | "Release" | "Resolve" | "Forget")
  // LeaseService and SequenceService: some of their calls are called as those above.
  | ("LeaseAcquire" | "LeaseRenew" | "LeaseRelease" | "LeaseKeepAlive")
  | ("SequenceAdvance" | "SequenceGet" | "SequenceReset" | "SequenceSkip")
  | ("LeaseInspect" | "LeaseForceRelease" | "LeaseCheckFence");

export interface CallCount {
  readonly namespace: string;
  readonly call: CallName;
  /** In the domain's words, such as `started`. */
  readonly outcome: string;
  readonly count: number;
}

/** What an operator should hear of beside the outcome of the call it happened in. */
export const NOTABLE = ["restored_completion", "unguarded_start"] as const;
export type Notable = (typeof NOTABLE)[number];

/** What this process has answered since it started. */
export class CallTally {
  readonly #byNamespace = new Map<string, Map<string, number>>();
  readonly #errors = new Map<string, number>();
  readonly #notable = new Map<Notable, number>();

  count(namespace: string, call: CallName, outcome: string): void {
    const counts = this.#countsOf(namespace);
    const name = `${call} ${outcome}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }

  /** A call that ended with an error status rather than an outcome. */
  countError(code: string): void {
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
  }

  /** Beside {@link count}, not in place of it. */
  countNotable(event: Notable): void {
    this.#notable.set(event, this.notable(event) + 1);
  }

  notable(event: Notable): number {
    return this.#notable.get(event) ?? 0;
  }

  *calls(): Generator<CallCount> {
    for (const [namespace, counts] of this.#byNamespace) {
      for (const [name, count] of counts) {
        const [call, outcome] = name.split(" ") as [CallName, string];
        yield { namespace, call, outcome, count };
      }
    }
  }

  errors(): ReadonlyMap<string, number> {
    return this.#errors;
  }

  /** Every namespace that has been used, as far as they are counted by name. */
  namespaces(): string[] {
    return [...this.#byNamespace.keys()].filter((name) => name !== OTHER_NAMESPACES);
  }

  #countsOf(namespace: string): Map<string, number> {
    const known = this.#byNamespace.get(namespace);
    if (known !== undefined) return known;
    const name = this.#byNamespace.size < NAMESPACES_MAX ? namespace : OTHER_NAMESPACES;
    const counts = this.#byNamespace.get(name) ?? new Map<string, number>();
    this.#byNamespace.set(name, counts);
    return counts;
  }
}
