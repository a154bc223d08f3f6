import { ACTS } from "./approaches.ts";
import { sentEvent } from "./payloads.ts";
import { makePlan, type Plan } from "./plan.ts";
import type { RunReport } from "./run.ts";
import { type DemoOptions, perform, type Stage } from "./stage.ts";

export interface OnceReport {
  readonly plan: Plan;
  readonly runs: readonly RunReport[];
}

export function introductionOfOnce({ events, copies, clients, seed }: DemoOptions): string[] {
  return [
    `${events} real GitHub webhooks, each sent ${copies} times to ${clients} client processes, seed ${seed}.`,
    "The effect is a line in a file. Its keeper compares fencing tokens where it gets them; it never deduplicates.",
    "The same deliveries and the same faults for each way to handle them:",
  ];
}

/** Events that come several times, and faults: does every effect happen exactly once? */
export async function performOnce(stage: Stage): Promise<OnceReport> {
  const { options, payloads, sidecar } = stage;
  const plan = makePlan({ ...options, payloads: payloads.length });
  const events = plan.events.map(({ index, payload }) => sentEvent(index, at(payloads, payload)));
  const runs: RunReport[] = [];
  for (const approach of ACTS.once) {
    const part = { approach, plan, events, clients: options.clients };
    runs.push(await perform(stage, approach === "onceward" ? { ...part, halfWay: () => sidecar.crash() } : part));
  }
  return { plan, runs };
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}
