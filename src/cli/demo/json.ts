import type { Json } from "../json.ts";
import type { DemoReport } from "./demo.ts";
import { FAULT_NAMES } from "./faults.ts";
import type { RunReport } from "./run.ts";
import { problemsOf } from "./verdict.ts";

/** All numbers of a demo, for programs. */
export function jsonOf({ plan, clients, runs, folder, sidecar }: DemoReport): Json {
  const planned = FAULT_NAMES.map((name) => [name, plan.events.filter(({ fault }) => fault === name).length]);
  return {
    seed: plan.seed,
    events: plan.events.length,
    deliveries: plan.deliveries.length,
    clients,
    sidecar,
    faults: Object.fromEntries(planned),
    runs: Object.fromEntries(runs.map((run) => [run.approach, runJson(run)])),
    ...(folder !== undefined && { folder }),
  };
}

function runJson(run: RunReport): Json {
  const { receipts, ...ledger } = run.ledger;
  const { handed, refusedChanged, refusedWrongly, unanswered, failures, struck, counts } = run.books;
  return {
    problems: problemsOf(run),
    ms: Math.round(run.ms),
    file: { ...ledger, eventsSeen: receipts.size },
    sender: { handed, ...run.answers, refusedChanged, refusedWrongly, unanswered },
    faults: struck,
    counts,
    failures,
  };
}
