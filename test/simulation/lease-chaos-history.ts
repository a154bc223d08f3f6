/** What happened in a run of leases under faults, and what must never happen. Instants are `performance.now()`. */

export interface Acquisition {
  readonly resource: string;
  readonly leaseId: string;
  readonly token: bigint;
  readonly invokedAt: number;
  readonly answeredAt: number;
  /** Its holder relied on it until then: renewals included, a release before it was asked for. */
  validUntil: number;
}

/** The tokens of different leases on one resource that are the same. */
export function duplicatesIn(history: readonly Acquisition[]): string[] {
  return perResource(history).flatMap((all) =>
    [...Map.groupBy(all, ({ token }) => token).values()]
      .filter((same) => new Set(same.map(({ leaseId }) => leaseId)).size > 1)
      .map((same) => `token ${same[0]?.token} of ${same[0]?.resource} was given ${same.length} times`),
  );
}

/** Leases that were asked for after another one was answered, and have a lower token. */
export function inversionsIn(history: readonly Acquisition[]): string[] {
  return perResource(history).flatMap((all) => {
    const byAnswer = all.toSorted((a, b) => a.answeredAt - b.answeredAt);
    const byCall = all.toSorted((a, b) => a.invokedAt - b.invokedAt);
    const faults: string[] = [];
    let answered = 0;
    let highest = byAnswer[0];
    for (const next of byCall) {
      for (let one = byAnswer[answered]; one !== undefined && one.answeredAt < next.invokedAt; ) {
        if (highest === undefined || one.token > highest.token) highest = one;
        one = byAnswer[++answered];
      }
      if (answered === 0 || highest === undefined) continue;
      if (next.token < highest.token) {
        faults.push(`token ${next.token} of ${next.resource} was given after ${highest.token}`);
      }
    }
    return faults;
  });
}

/** Two who relied on one resource at the same moment. */
export function overlapsIn(history: readonly Acquisition[]): string[] {
  return perResource(history).flatMap((all) => {
    const inOrder = all.toSorted((a, b) => a.answeredAt - b.answeredAt);
    const faults: string[] = [];
    let last = inOrder[0];
    for (const next of inOrder.slice(1)) {
      if (last !== undefined && next.leaseId !== last.leaseId && next.answeredAt < last.validUntil) {
        const ms = Math.round(last.validUntil - next.answeredAt);
        faults.push(`${next.resource}: ${next.token} was held while ${last.token} was, for ${ms} ms`);
      }
      if (last === undefined || next.validUntil > last.validUntil) last = next;
    }
    return faults;
  });
}

function perResource(history: readonly Acquisition[]): Acquisition[][] {
  return [...Map.groupBy(history, ({ resource }) => resource).values()];
}
