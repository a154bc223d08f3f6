/** A load process: makes the calls that its parent orders, and answers what they came to. Ends with its parent. */
import { runAtRate, runLoops, type Work } from "./loops.ts";
import type { Answer, Order, Workload } from "./protocol.ts";

const works = new Map<string, Work>();

/** Only the client that is used is loaded. */
async function open(workload: Workload): Promise<Work> {
  switch (workload.client) {
    case "grpc": {
      const { grpcWork } = await import("./grpc-work.ts");
      return grpcWork(workload.address, workload.calls);
    }
    case "session": {
      const { sessionWork } = await import("./session-work.ts");
      return sessionWork(workload.address, workload.calls);
    }
    case "library": {
      const { libraryWork } = await import("./library-work.ts");
      return libraryWork(workload.address, workload.calls);
    }
    case "store": {
      const { openStoreOf, storeWork } = await import("./store-work.ts");
      return storeWork(await openStoreOf(workload.store));
    }
    case "script": {
      const { scriptWork } = await import("./script-work.ts");
      return scriptWork(workload.socket, workload.calls);
    }
    case "packed": {
      const { packedWork } = await import("./packed-work.ts");
      return packedWork(workload.socket);
    }
    case "powertools": {
      const { powertoolsWork } = await import("./powertools-work.ts");
      return powertoolsWork(workload.socket, workload.calls);
    }
    case "node-idempotency": {
      const { nodeIdempotencyWork } = await import("./node-idempotency-work.ts");
      return nodeIdempotencyWork(workload.socket, workload.calls);
    }
  }
}

async function carryOut(order: Order): Promise<Answer> {
  const { id } = order;
  if (order.order === "prepare") {
    const work = await open(order.workload);
    await work.prepare?.();
    works.set(order.variant, work);
    return { id };
  }
  const work = works.get(order.variant);
  if (work === undefined) throw new Error(`${order.variant} was not prepared`);
  return { id, burst: await (order.order === "burst" ? runLoops(work, order) : runAtRate(work, order)) };
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
