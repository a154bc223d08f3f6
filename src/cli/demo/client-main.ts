import { flushCompileCache } from "node:module";
import { APPROACHES, type Approach } from "./approaches.ts";
import type { Point, Strike } from "./faults.ts";
import { handleUnguarded, lookFirst, markFirst, marksIn, skipOlder } from "./handle-naive.ts";
import type { Handler, Hands } from "./handling.ts";
import type { Deliver, FromClient, Setup, ToClient } from "./messages.ts";
import { connectTarget } from "./target-client.ts";

/** The life of one client process: handles one webhook after the other, until its parent is gone. */
export function serveAsClient(): void {
  // Ctrl-C reaches every process of the terminal; the parent decides when this one ends.
  process.on("SIGINT", () => undefined);
  process.on("disconnect", () => process.exit(0));
  let client: Client | undefined;
  process.on("message", (message: ToClient) => {
    if (message.kind === "setup") {
      openClient(message).then((opened) => {
        client = opened;
        tell({ kind: "ready" });
        // This process may not live to do it at its end.
        flushCompileCache();
      }, failed);
    } else if (message.kind === "deliver") client?.handle(message).catch(failed);
    else client?.goOn(message.strike);
  });
}

function tell(message: FromClient): void {
  process.send?.(message);
}

function failed(error: unknown): void {
  tell({ kind: "answer", answer: { kind: "failed", why: error instanceof Error ? error.message : String(error) } });
}

interface Client {
  handle(delivery: Deliver): Promise<void>;
  goOn(strike: Strike | undefined): void;
}

async function openClient(setup: Setup): Promise<Client> {
  const handlers = await openHandlers(setup);
  const target = connectTarget(setup.target);
  let goOn: (strike: Strike | undefined) => void = () => undefined;
  const stopAt = (point: Point) =>
    new Promise<Strike | undefined>((resolve) => {
      goOn = resolve;
      tell({ kind: "at", point });
    });
  return {
    async handle({ approach, job, stopAt: where }) {
      const hands: Hands = {
        target,
        at: async (point) => (point === where ? stopAt(point) : undefined),
        count: (what) => tell({ kind: "count", what }),
      };
      const handler = handlers[approach];
      if (handler === undefined) throw new Error(`no sidecar for ${APPROACHES[approach].title}`);
      tell({ kind: "answer", answer: await handler(job, hands) });
    },
    goOn: (strike) => goOn(strike),
  };
}

async function openHandlers(setup: Setup): Promise<Partial<Record<Approach, Handler>>> {
  const marks = marksIn(setup.marks);
  const naive = {
    unguarded: handleUnguarded,
    "look-first": lookFirst(marks),
    "mark-first": markFirst(marks),
    "as-they-come": handleUnguarded,
    "skip-older": skipOlder(marks),
  };
  if (setup.sidecar === undefined) return naive;
  // Loaded here, so that the processes of the other runs start without gRPC.
  const [{ openClients }, { handleWith }] = await Promise.all([import("../client.ts"), import("./handle-onceward.ts")]);
  const { idempotency } = openClients(setup.sidecar);
  const guarded = handleWith(idempotency, setup.namespace);
  return { ...naive, onceward: guarded, "in-order": guarded };
}
