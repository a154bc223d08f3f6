import { invalid, OncewardError } from "../../base/errors.ts";
import { BATCH_ITEMS_MAX, MESSAGE_BYTES_MAX } from "../../base/limits.ts";
import { handleBeginInBatch } from "./begin.ts";
import { handleComplete } from "./complete.ts";
import type { GrpcCaller, TransportDeps } from "./context.ts";
import type { BeginBatchRequest__Output } from "./gen/onceward/v1/BeginBatchRequest.ts";
import type { BeginBatchResponse } from "./gen/onceward/v1/BeginBatchResponse.ts";
import type { BeginResponse } from "./gen/onceward/v1/BeginResponse.ts";
import type { CompleteBatchRequest__Output } from "./gen/onceward/v1/CompleteBatchRequest.ts";
import type { CompleteBatchResponse } from "./gen/onceward/v1/CompleteBatchResponse.ts";
import type { CompleteResponse } from "./gen/onceward/v1/CompleteResponse.ts";
import type { Record as RecordMessage } from "./gen/onceward/v1/Record.ts";
import { protos } from "./protos.ts";
import { type Handle, refusal, refuseBadText } from "./unary.ts";

/** What an item takes of the message at the least, answer or error, without the texts and bodies of its record. */
const ITEM_BYTES = 768;

export async function handleBeginBatch(
  deps: TransportDeps,
  { items }: BeginBatchRequest__Output,
  caller: GrpcCaller,
): Promise<BeginBatchResponse> {
  return { items: await each(deps, items, handleBeginInBatch, caller, sizeOf) };
}

export async function handleCompleteBatch(
  deps: TransportDeps,
  { items }: CompleteBatchRequest__Output,
  caller: GrpcCaller,
): Promise<CompleteBatchResponse> {
  return { items: await each(deps, items, handleComplete, caller, sizeOf) };
}

/**
 * Does what the single call does with every item, in order: each reaches the store before the next is looked at. A bad
 * item is an error of its own and stops no other.
 */
async function each<Request extends object, Response>(
  deps: TransportDeps,
  items: readonly Request[],
  handle: Handle<Request, Response>,
  caller: GrpcCaller,
  size: (response: Response) => number,
) {
  if (items.length === 0 || items.length > BATCH_ITEMS_MAX) {
    throw invalid([{ field: "items", problem: `must hold 1 to ${BATCH_ITEMS_MAX} items, not ${items.length}` }]);
  }
  const checked = async (item: Request) => {
    refuseBadText(item);
    return handle(deps, item, caller);
  };
  const settled = await Promise.allSettled(items.map(checked));
  const answers = settled.map((answer) =>
    answer.status === "rejected" ? { error: refusal(deps, answer.reason) } : { response: answer.value },
  );
  // Errors stay whatever they take: the results get what is left.
  let left = MESSAGE_BYTES_MAX - items.length * ITEM_BYTES;
  const { Status } = protos().google.rpc;
  for (const { error } of answers) left -= error === undefined ? 0 : Status.serialize(error).length;
  return answers.map((answer) => {
    if (answer.response === undefined) return answer;
    const bytes = size(answer.response);
    if (bytes > left) return { error: refusal(deps, tooLarge(answer.response)) };
    left -= bytes;
    return answer;
  });
}

/** What was carried out can be asked for again: an attempt that started, by its nonce. */
function tooLarge(response: unknown): OncewardError {
  const { attempt }: Pick<BeginResponse, "attempt"> = response as BeginResponse; // a Complete's has none
  const message = "the answer is too large for the batch: call this item singly";
  return new OncewardError("RESPONSE_TOO_LARGE", message, { attemptId: attempt?.attemptId });
}

/** At least the bytes that an answer takes beyond {@link ITEM_BYTES}. */
function sizeOf({ record, ...rest }: BeginResponse | CompleteResponse): number {
  const attempt = "attempt" in rest ? rest.attempt : undefined;
  return recordSize(record) + (attempt?.checkpoint?.data?.length ?? 0) + textSize(attempt?.checkpoint?.name);
}

function recordSize(record: RecordMessage | null | undefined): number {
  if (record === null || record === undefined) return 0;
  const { address, result, checkpoint, lastError, owner } = record;
  const metadata = Object.entries(result?.metadata ?? {}).flat();
  const texts = [address?.operation, address?.stream, address?.key, owner, lastError, checkpoint?.name, ...metadata];
  const all = [...texts, result?.contentType, result?.reference].reduce((sum, text) => sum + textSize(text), 0);
  return all + (result?.body?.length ?? 0) + (checkpoint?.data?.length ?? 0);
}

/** With the few bytes of tag and length that stand before a text. */
function textSize(text: string | undefined): number {
  return text === undefined ? 0 : Buffer.byteLength(text) + 6;
}
