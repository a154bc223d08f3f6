import { invalid, OncewardError } from "../../base/errors.ts";
import { BATCH_ITEMS_MAX, MESSAGE_BYTES_MAX } from "../../base/limits.ts";
import { beginMany } from "../../service/begin.ts";
import { completeMany } from "../../service/complete.ts";
import { beginMessage, readBegin } from "./begin.ts";
import { completeMessage, readComplete } from "./complete.ts";
import type { GrpcCaller, TransportDeps } from "./context.ts";
import type { BeginBatchRequest__Output } from "./gen/onceward/v1/BeginBatchRequest.ts";
import type { BeginBatchResponse } from "./gen/onceward/v1/BeginBatchResponse.ts";
import type { BeginRequest__Output } from "./gen/onceward/v1/BeginRequest.ts";
import type { BeginResponse } from "./gen/onceward/v1/BeginResponse.ts";
import type { CompleteBatchRequest__Output } from "./gen/onceward/v1/CompleteBatchRequest.ts";
import type { CompleteBatchResponse } from "./gen/onceward/v1/CompleteBatchResponse.ts";
import type { CompleteRequest__Output } from "./gen/onceward/v1/CompleteRequest.ts";
import type { CompleteResponse } from "./gen/onceward/v1/CompleteResponse.ts";
import type { Record as RecordMessage } from "./gen/onceward/v1/Record.ts";
import { protos } from "./protos.ts";
import { refusal, refuseBadText } from "./unary.ts";

/** What an item takes of the message at the least, answer or error, without the texts and bodies of its record. */
const ITEM_BYTES = 768;

export async function handleBeginBatch(
  deps: TransportDeps,
  { items }: BeginBatchRequest__Output,
  caller: GrpcCaller,
): Promise<BeginBatchResponse> {
  // An item cannot wait: it might wait for its own neighbour.
  const read = (item: BeginRequest__Output) => readBegin(item, caller, 0);
  return { items: await each(deps, items, { read, run: beginMany, write: beginMessage }) };
}

export async function handleCompleteBatch(
  deps: TransportDeps,
  { items }: CompleteBatchRequest__Output,
): Promise<CompleteBatchResponse> {
  const read = (item: CompleteRequest__Output) => readComplete(deps, item);
  return { items: await each(deps, items, { read, run: completeMany, write: completeMessage }) };
}

/** What the single call does, in its parts. */
interface Verb<Request, Call, Answer, Response> {
  /** @throws {OncewardError} INVALID_ARGUMENT */
  read(item: Request): Call;
  run(deps: TransportDeps, calls: readonly Call[]): Promise<PromiseSettledResult<Answer>[]>;
  write(answer: Answer): Response;
}

/**
 * Does what the single call does with every item; they reach the store in their order. A bad item is an error of its
 * own and stops no other.
 */
async function each<Request extends object, Call, Answer, Response extends BeginResponse | CompleteResponse>(
  deps: TransportDeps,
  items: readonly Request[],
  { read, run, write }: Verb<Request, Call, Answer, Response>,
) {
  if (items.length === 0 || items.length > BATCH_ITEMS_MAX) {
    throw invalid([{ field: "items", problem: `must hold 1 to ${BATCH_ITEMS_MAX} items, not ${items.length}` }]);
  }
  const calls: Call[] = [];
  const refused = new Map<number, unknown>();
  for (const [n, item] of items.entries()) {
    try {
      refuseBadText(item);
      calls.push(read(item));
    } catch (thrown) {
      refused.set(n, thrown);
    }
  }
  const settled = calls.length === 0 ? [] : await run(deps, calls);
  let next = 0;
  const answers = items.map((_, n) => {
    if (refused.has(n)) return { error: refusal(deps, refused.get(n)) };
    const answer = settled[next++] ?? { status: "rejected", reason: new Error("an item was left out") };
    return answer.status === "rejected" ? { error: refusal(deps, answer.reason) } : { response: write(answer.value) };
  });
  deps.tracing.current()?.set({ "onceward.batch.size": items.length, ...deps.tracing.summary() });
  return withinTheMessage(deps, answers);
}

type ItemAnswer<Response> = { readonly response: Response } | { readonly error: ReturnType<typeof refusal> };

/** Errors stay whatever they take: the results get what is left. */
function withinTheMessage<Response extends BeginResponse | CompleteResponse>(
  deps: TransportDeps,
  answers: ReadonlyArray<ItemAnswer<Response>>,
): ItemAnswer<Response>[] {
  let left = MESSAGE_BYTES_MAX - answers.length * ITEM_BYTES;
  for (const answer of answers) {
    if ("error" in answer) left -= protos().google.rpc.Status.serialize(answer.error).length;
  }
  return answers.map((answer) => {
    if ("error" in answer) return answer;
    const bytes = sizeOf(answer.response);
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
function sizeOf(response: BeginResponse | CompleteResponse): number {
  const checkpoint = "attempt" in response ? response.attempt?.checkpoint : undefined;
  return recordSize(response.record) + (checkpoint?.data?.length ?? 0) + textSize(checkpoint?.name);
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
