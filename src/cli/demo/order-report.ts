import { paint } from "../output.ts";
import type { OrderReport, OrderRun } from "./act-order.ts";
import { APPROACHES, needsSidecar } from "./approaches.ts";
import { bad, countRows, elsewhereRows, faultRows, good, section, tableOf } from "./report.ts";
import { guardedOf, orderProblemsOf } from "./verdict.ts";

/** How many wrong fields the sentence names. */
const WRONG_SHOWN = 2;

/** All runs of the act side by side: what the mirror's log says, and what the clients were answered. */
export function orderTable({ plan, runs }: OrderReport): string {
  return tableOf(runs, [
    ...section("READ BACK FROM THE MIRROR", runs, [
      ["events sent", () => plan.events.length],
      ["effects", ({ ledger }) => ledger.effects],
      ["events applied once", ({ ledger }) => good(ledger.once, plan.events.length)],
      ["events applied more than once", ({ ledger }) => bad(ledger.moreThanOnce)],
      ["events never applied", ({ ledger }) => bad(ledger.never)],
      ["effects that came after a later one", ({ mirror }) => bad(mirror.overtaken)],
      ["fields that are right", ({ mirror }) => good(mirror.fields - mirror.wrong.length, mirror.fields)],
      ["fields that are wrong", ({ mirror }) => bad(mirror.wrong.length)],
    ]),
    ...section("WHAT THE SENDER HEARD", runs, [
      ["deliveries handed to a client", ({ books }) => books.handed],
      ["done, with the result of the effect", ({ answers }) => answers.right],
      ["done, with the result of a second one", ({ answers }) => bad(answers.wrong)],
      ["done, without a result", ({ answers }) => bad(answers.withoutResult)],
      ["nothing at all", ({ books }) => bad(books.unanswered)],
    ]),
    ...section("FAULTS THAT STRUCK", runs, faultRows(plan)),
    ...section("ANSWERS OF THE SIDECAR", runs, countRows(runs, "sidecar")),
    ...section("AT THE MIRROR", runs, countRows(runs, "ledger")),
    ...section("ELSEWHERE", runs, elsewhereRows(runs)),
  ]);
}

/** The sentences that close the act. */
export function orderSentence({ plan, runs }: OrderReport): string {
  const guarded = guardedOf(runs);
  const problems = orderProblemsOf(guarded);
  if (problems.length > 0) return paint("bad", `NOT in order with onceward: ${problems.join("; ")}.`);
  const { handed, counts } = guarded.books;
  const verdict = `With onceward the ${plan.events.length} shuffled events were applied in order, each exactly once.`;
  const how = [
    `${handed} times a delivery was handed to a client`,
    `${counts.gap ?? 0} times handed back as not its turn`,
    `${counts.replayed ?? 0} replayed`,
    `${counts["taken-over"] ?? 0} taken over from a killed client; tokens only rise`,
  ].join(", ");
  const compared = runs.filter(({ approach }) => !needsSidecar(approach)).map(without);
  return [paint("good", verdict), `  ${how}`, "Without it:", ...compared].join("\n");
}

function without({ approach, ledger, mirror }: OrderRun): string {
  const shown = mirror.wrong.slice(0, WRONG_SHOWN).join("; ");
  const fields = `${mirror.wrong.length} of ${mirror.fields} fields end wrong`;
  const did = `applied ${mirror.overtaken} after a later one and never applied ${ledger.never}`;
  return `  "${APPROACHES[approach].title}" ${did}; ${fields}${shown === "" ? "" : `: ${shown}`}`;
}
