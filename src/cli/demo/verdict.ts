import type { OnceReport } from "./act-once.ts";
import type { OrderReport, OrderRun } from "./act-order.ts";
import { needsSidecar } from "./approaches.ts";
import type { RunReport } from "./run.ts";

type Finding = readonly [count: number, problem: string];

/** What is wrong with a run, a sentence each; none = every event had its effect exactly once, and all were answered. */
export function problemsOf({ books, ledger, answers }: RunReport): string[] {
  return told([
    [ledger.moreThanOnce, "ran more than once"],
    [ledger.never, "never ran"],
    [ledger.changedPayload, "effects carry a changed payload"],
    [ledger.strange, "lines of the file belong to no event"],
    [books.unanswered, "deliveries were never answered"],
    [books.refusedWrongly, "deliveries were refused without cause"],
    [answers.changedAccepted, "changed payloads were answered with success"],
    [answers.wrong, "answers name another effect than the first"],
    [answers.withoutResult, "answers lack the result"],
  ]);
}

/** The same for a run whose events belong in an order; none = besides, they were applied in it. */
export function orderProblemsOf(run: OrderRun): string[] {
  const { overtaken, tokensNotRisen, wrong } = run.mirror;
  const more = told([
    [overtaken, "effects came after a later one"],
    [tokensNotRisen, "effects carry a token that is not above those before it"],
    [wrong.length, "fields of the mirror are wrong"],
  ]);
  return [...problemsOf(run), ...more];
}

/** What is wrong with the runs that have a sidecar; only these decide how the demo ends. */
export function problemsIn(acted: {
  readonly once?: OnceReport | undefined;
  readonly order?: OrderReport | undefined;
}) {
  const once = acted.once && problemsOf(guardedOf(acted.once.runs));
  const order = acted.order && orderProblemsOf(guardedOf(acted.order.runs));
  return [...(once ?? []), ...(order ?? [])];
}

/** The run with the sidecar. */
export function guardedOf<Run extends RunReport>(runs: readonly Run[]): Run {
  const guarded = runs.find(({ approach }) => needsSidecar(approach));
  if (guarded === undefined) throw new Error("an act without its main run");
  return guarded;
}

function told(findings: readonly Finding[]): string[] {
  return findings.filter(([count]) => count > 0).map(([count, problem]) => `${count} ${problem}`);
}
