/** A load process: makes the calls that its parent orders, and answers what they came to. Ends with its parent. */
import { runLoops, type Work } from "./loops.ts";
import type { Answer, Order, Workload } from "./protocol.ts";

const works = new Map<string, Work>();

/** Only the client that is used is loaded. */
async function open(workload: Workload): Promise<Work> {
  if (workload.client === "script") {
    const { scriptWork } = await import("./script-work.ts");
    return scriptWork(workload.socket, workload.calls);
  }
  if (workload.client === "store") {
    const { openStoreOf, storeWork } = await import("./store-work.ts");
    return storeWork(await openStoreOf(workload.store));
  }
  const { grpcWork } = await import("./grpc-work.ts");
  return grpcWork(workload.address, workload.calls);
}

async function carryOut(order: Order): Promise<Answer> {
  if (order.order === "prepare") {
    const work = await open(order.workload);
    await work.prepare?.();
    works.set(order.variant, work);
    return { id: order.id };
  }
  const work = works.get(order.variant);
  if (work === undefined) throw new Error(`${order.variant} was not prepared`);
  return { id: order.id, burst: await runLoops(work, order) };
}

function whyNot(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.on("message", (order: Order) => {
  carryOut(order).then(
    (answer) => process.send?.(answer),
    (error) => process.send?.({ id: order.id, error: whyNot(error) } satisfies Answer),
  );
});
process.on("disconnect", () => process.exit());
