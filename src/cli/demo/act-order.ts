import { readFile } from "node:fs/promises";
import { ACTS } from "./approaches.ts";
import { LIVES, REPOSITORY } from "./lives.ts";
import { checkMirror, type MirrorCheck } from "./mirror.ts";
import { makeOrderPlan, type OrderPlan, placedEvents } from "./order-plan.ts";
import type { RunReport } from "./run.ts";
import { perform, type Stage } from "./stage.ts";

/** Enough to overtake each other; in each stream one event can run at a time, and every process takes time to start. */
const ORDER_CLIENTS_MAX = 4;

export interface OrderRun extends RunReport {
  readonly mirror: MirrorCheck;
}

export interface OrderReport {
  readonly plan: OrderPlan;
  readonly clients: number;
  readonly runs: readonly OrderRun[];
}

/** Events that belong in an order and come in another: does the mirror of what they tell end right? */
export async function performOrder(stage: Stage): Promise<OrderReport> {
  const { options, payloads, display } = stage;
  const plan = makeOrderPlan({ seed: options.seed, payloads });
  const clients = Math.min(options.clients, ORDER_CLIENTS_MAX);
  for (const line of introduction(plan, clients)) display.line(line);
  const events = placedEvents(plan, payloads);
  const runs: OrderRun[] = [];
  for (const approach of ACTS.order) {
    const run = await perform(stage, { approach, plan, events, clients });
    const mirror = checkMirror(await readFile(run.file, "utf8"), events);
    display.line(`  ${summary(mirror)}`);
    runs.push({ ...run, mirror });
  }
  return { plan, clients, runs };
}

function introduction({ seed, events, deliveries }: OrderPlan, clients: number): string[] {
  const lives = LIVES.map((life) => `${life.title} in ${life.events.length}`).join(" and ");
  return [
    `${events.length} real webhooks of ${REPOSITORY}, ${lives}, each numbered by its sender.`,
    `Sent shuffled, some twice: ${deliveries.length} deliveries to ${clients} client processes, seed ${seed}.`,
    "The effect is a line in the log of a ticket system that mirrors the issues: read in order, the log is its state.",
  ];
}

function summary({ overtaken, fields, wrong }: MirrorCheck): string {
  const right = wrong.length === 0 ? "the mirror is right" : `${wrong.length} of the mirror's ${fields} fields wrong`;
  return `${overtaken} effects came after a later one; ${[right, ...wrong.slice(0, 1)].join(": ")}`;
}
