import type { RunReport } from "./run.ts";

/** What is wrong with a run, a sentence each; none = every event had its effect exactly once, and all were answered. */
export function problemsOf({ books, ledger, answers }: RunReport): string[] {
  const found: readonly (readonly [count: number, problem: string])[] = [
    [ledger.moreThanOnce, "ran more than once"],
    [ledger.never, "never ran"],
    [ledger.changedPayload, "effects carry a changed payload"],
    [ledger.strange, "lines of the file belong to no event"],
    [books.unanswered, "deliveries were never answered"],
    [books.refusedWrongly, "deliveries were refused without cause"],
    [answers.changedAccepted, "changed payloads were answered with success"],
    [answers.wrong, "answers name another effect than the first"],
    [answers.withoutResult, "answers lack the result"],
  ];
  return found.filter(([count]) => count > 0).map(([count, problem]) => `${count} ${problem}`);
}
