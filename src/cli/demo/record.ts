import type { Record__Output } from "../../transport/grpc/gen/onceward/v1/Record.ts";

/** Name of the demo's effect in every address. */
export const OPERATION = "append-to-ledger";

/** What is replayed to whoever delivers the event again: the number of its line in the file. */
export function resultOf(receipt: number): { readonly body: Buffer; readonly contentType: string } {
  return { body: Buffer.from(JSON.stringify({ receipt })), contentType: "application/json" };
}

/** What {@link resultOf} said; undefined when the body is not there. */
export function receiptIn(record: Record__Output | null): number | undefined {
  const body = record?.result?.body;
  if (body === undefined || body.length === 0) return undefined;
  const { receipt }: { receipt: number } = JSON.parse(body.toString("utf8"));
  return receipt;
}
