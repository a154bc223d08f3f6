import type { Json } from "../json.ts";
import type { OrderRun } from "./act-order.ts";
import type { DemoReport } from "./demo.ts";
import { FAULT_NAMES } from "./faults.ts";
import type { Plan } from "./plan.ts";
import type { RunReport } from "./run.ts";
import { orderProblemsOf, problemsOf } from "./verdict.ts";

/** All numbers of a demo, for programs. */
export function jsonOf({ options, once, order, folder, sidecar }: DemoReport): Json {
  return {
    seed: options.seed,
    clients: options.clients,
    sidecar,
    ...(once !== undefined && { ...planJson(once.plan), runs: byApproach(once.runs, runJson) }),
    ...(order !== undefined && {
      order: { ...planJson(order.plan), clients: order.clients, runs: byApproach(order.runs, orderRunJson) },
    }),
    ...(folder !== undefined && { folder }),
  };
}

function planJson({ events, deliveries }: Plan): { readonly [name: string]: Json } {
  const planned = FAULT_NAMES.map((name) => [name, events.filter(({ fault }) => fault === name).length] as const);
  const faults = Object.fromEntries(planned.filter(([, count]) => count > 0));
  return { events: events.length, deliveries: deliveries.length, faults };
}

function byApproach<Run extends RunReport>(runs: readonly Run[], toJson: (run: Run) => Json): Json {
  return Object.fromEntries(runs.map((run) => [run.approach, toJson(run)]));
}

function orderRunJson(run: OrderRun): Json {
  const { overtaken, tokensNotRisen, fields, wrong } = run.mirror;
  return { ...runJson(run), problems: orderProblemsOf(run), mirror: { overtaken, tokensNotRisen, fields, wrong } };
}

function runJson(run: RunReport): { readonly [name: string]: Json } {
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
