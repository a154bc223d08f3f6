/** A sidecar on the wire over the reference store, under a clock that only the test moves. */
import type { BeginRequest } from "../../src/transport/grpc/gen/onceward/v1/BeginRequest.ts";
import type { RecordAddress__Output } from "../../src/transport/grpc/gen/onceward/v1/RecordAddress.ts";
import { address, SECOND } from "./commands.ts";
import { openReference } from "./reference-store.ts";
import { type Served, serveStore } from "./sidecar.ts";

export type Wire = Awaited<ReturnType<typeof openWire>>;

export async function openWire(given?: Parameters<typeof serveStore>[1]) {
  const harness = await openReference();
  const served = await serveStore(harness.store, given);
  return { ...harness, ...served, begun: beginner(served) };
}

/** An address nobody else uses. */
export function fresh(parts: Partial<RecordAddress__Output> = {}): RecordAddress__Output {
  return address(parts);
}

/** Begins attempts; rejects when one is not started. */
export function beginner({ client }: Pick<Served, "client">) {
  return async (request: Omit<BeginRequest, "address"> = {}, parts: Partial<RecordAddress__Output> = {}) => {
    const at = fresh(parts);
    const { outcome, attempt } = await client.begin({ address: at, leaseMs: 30 * SECOND, ...request });
    if (attempt === null) throw new Error(`expected STARTED, got ${outcome}`);
    return { at, attempt, token: attempt.fencingToken };
  };
}
