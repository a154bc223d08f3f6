/** A client of this repository before a sidecar over the reference store, with a relay in between. */
import {
  type Address,
  type BeginOptions,
  type Onceward,
  OncewardError,
  openOnceward,
} from "../../../clients/typescript/src/index.ts";
import { SECOND } from "../../support/commands.ts";
import { openWire } from "../../support/wire.ts";
import { openRelay } from "./relay.ts";

export type Lab = Awaited<ReturnType<typeof openLab>>;

export async function openLab(given?: Parameters<typeof openWire>[0]) {
  const wire = await openWire(given);
  const relay = await openRelay(wire.address);
  const client = openOnceward({ address: relay.address, timeoutMs: 15 * SECOND });
  return {
    ...wire,
    sidecar: wire.address,
    relay,
    client,
    async stop() {
      client.close();
      relay.close();
      await wire.stop();
      await wire.close();
    },
  };
}

let keys = 0;

/** An address nobody else uses. */
export function anAddress(parts: Partial<Address> = {}): Address {
  return { operation: "charge", key: `order-${++keys}`, ...parts };
}

/** Begins an attempt; rejects when it is not started. */
export async function started(client: Onceward, address: Address, options?: BeginOptions) {
  const outcome = await client.begin(address, options);
  if (outcome.kind !== "started") throw new Error(`expected started, got ${outcome.kind}`);
  return outcome.attempt;
}

/** How a call failed. Rejects when it did not fail, or with anything but the client's own error. */
export async function errorOf(call: Promise<unknown>): Promise<OncewardError> {
  const settled = await call.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  if ("error" in settled && settled.error instanceof OncewardError) return settled.error;
  throw new Error("expected an OncewardError", { cause: settled });
}
