import { readFile } from "node:fs/promises";
import { type Clients, call } from "../client.ts";
import type { Count } from "./counts.ts";
import { countEffects } from "./ledger.ts";
import type { SentEvent } from "./payloads.ts";
import { OPERATION, resultOf } from "./record.ts";
import { CALLS_MS } from "./timing.ts";

/**
 * Plays the operator: for an event whose client died under HOLD, reads in the file whether the effect happened, and
 * tells the sidecar. Undefined when the record did not need it any more.
 */
export async function resolveEvent(
  { admin }: Clients,
  { event, namespace, file }: { readonly event: SentEvent; readonly namespace: string; readonly file: string },
): Promise<Count | undefined> {
  const receipt = countEffects(await readFile(file, "utf8"), [event]).receipts.get(event.id);
  const settlement =
    receipt === undefined
      ? { resolution: "RETRY" as const, reason: "demo: the effect is not in the file" }
      : { resolution: "SUCCEEDED" as const, reason: "demo: the effect is in the file", result: resultOf(receipt) };
  const request = {
    address: { namespace, operation: OPERATION, key: event.id },
    actor: "onceward demo",
    ...settlement,
  };
  const { outcome } = await call(admin, admin.resolve, request, CALLS_MS);
  if (outcome !== "RESOLVED") return undefined;
  return receipt === undefined ? "settled-retry" : "settled-succeeded";
}
