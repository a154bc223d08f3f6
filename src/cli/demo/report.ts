import { paint, table } from "../output.ts";
import type { OnceReport } from "./act-once.ts";
import { APPROACHES, needsSidecar } from "./approaches.ts";
import { COUNT_NAMES, COUNTS, type Count } from "./counts.ts";
import { FAULT_NAMES, FAULTS } from "./faults.ts";
import type { Plan } from "./plan.ts";
import type { RunReport } from "./run.ts";
import { guardedOf, problemsOf } from "./verdict.ts";

type Row = readonly string[];

/** Where there was nothing to count, such as answers of a sidecar in a run without one. */
const NONE = "–";

/** All runs side by side: what the files say, which faults struck, what the clients were answered. */
export function closingTable({ plan, runs }: OnceReport, sidecar: { readonly crashes: number }): string {
  const crashes = ({ approach }: RunReport) => orNone(needsSidecar(approach) ? sidecar.crashes : 0);
  const rows = [
    ...section("READ BACK FROM THE FILE", runs, [
      ["events sent", () => plan.events.length],
      ["effects", ({ ledger }) => ledger.effects],
      ["events that ran once", ({ ledger }) => good(ledger.once, plan.events.length)],
      ["events that ran more than once", ({ ledger }) => bad(ledger.moreThanOnce)],
      ["events that never ran", ({ ledger }) => bad(ledger.never)],
      ["effects with a changed payload", ({ ledger }) => bad(ledger.changedPayload)],
      ["lines of no event", ({ ledger }) => bad(ledger.strange)],
    ]),
    ...section("WHAT THE SENDER HEARD", runs, [
      ["deliveries handed to a client", ({ books }) => books.handed],
      ["done, with the result of the effect", ({ answers }) => answers.right],
      ["done, with the result of a second one", ({ answers }) => bad(answers.wrong)],
      ["done, without a result", ({ answers }) => bad(answers.withoutResult)],
      ["changed payload: refused", ({ books }) => books.refusedChanged],
      ["changed payload: done", ({ answers }) => bad(answers.changedAccepted)],
      ["nothing at all", ({ books }) => bad(books.unanswered)],
    ]),
    ...section("FAULTS THAT STRUCK", runs, [...faultRows(plan), ["sidecar killed", crashes]]),
    ...section("ANSWERS OF THE SIDECAR", runs, countRows(runs, "sidecar")),
    ...section("AT THE LEDGER", runs, countRows(runs, "ledger")),
    ...section("ELSEWHERE", runs, elsewhereRows(runs)),
  ];
  return tableOf(runs, rows);
}

export function tableOf(runs: readonly RunReport[], rows: readonly Row[]): string {
  const head = ["", ...runs.map(({ approach }) => APPROACHES[approach].title.toUpperCase())];
  return table(head, rows.slice(0, -1));
}

type Cell<Run> = readonly [label: string, of: (run: Run) => string | number];

export function section<Run>(title: string, runs: readonly Run[], cells: readonly Cell<Run>[]): Row[] {
  const rows = cells.map(([label, of]) => [`  ${label}`, ...runs.map((run) => String(of(run)))]);
  const empty = runs.map(() => "");
  return [[paint("quiet", title), ...empty], ...rows, ["", ...empty]];
}

/** The faults that are planned. */
export function faultRows(plan: Plan): Cell<RunReport>[] {
  const names = FAULT_NAMES.filter((name) => plan.events.some(({ fault }) => fault === name));
  return names.map((name) => {
    const planned = plan.events.filter(({ fault }) => fault === name).length;
    const of = ({ books }: RunReport) => {
      const struck = books.struck[name] ?? 0;
      return struck === planned ? struck : orNone(struck, `${struck} of ${planned}`);
    };
    return [FAULTS[name].label, of];
  });
}

/** The counts that any run has; a table of noughts says nothing. */
export function countRows(runs: readonly RunReport[], at: (typeof COUNTS)[Count]["at"]): Cell<RunReport>[] {
  const names = COUNT_NAMES.filter((name) => COUNTS[name].at === at && runs.some(({ books }) => books.counts[name]));
  return names.map((name) => [COUNTS[name].label, ({ books }) => orNone(books.counts[name] ?? 0)]);
}

export function elsewhereRows(runs: readonly RunReport[]): Cell<RunReport>[] {
  return [...countRows(runs, "sender"), ["seconds", ({ ms }) => (ms / 1000).toFixed(1)]];
}

function orNone(count: number, text = String(count)): string {
  return count === 0 ? paint("quiet", NONE) : text;
}

export function bad(count: number): string | number {
  return count === 0 ? 0 : paint("bad", String(count));
}

export function good(count: number, all: number): string {
  return paint(count === all ? "good" : "doubtful", String(count));
}

/** The sentence that closes the act. */
export function closingSentence({ plan, runs }: OnceReport): string {
  const events = plan.events.length;
  const compared = runs
    .filter(({ approach }) => !needsSidecar(approach))
    .map(({ approach, ledger }) => {
      const { moreThanOnce, never } = ledger;
      return `"${APPROACHES[approach].title}" ran ${moreThanOnce} of them more than once and lost ${never}`;
    });
  const problems = problemsOf(guardedOf(runs));
  if (problems.length > 0) return paint("bad", `NOT exactly once with onceward: ${problems.join("; ")}.`);
  const verdict = `With onceward each of the ${events} events had its effect exactly once, by the file.`;
  return `${paint("good", verdict)}\nWithout it, ${compared.join("; ")}.`;
}
