/** One address of a store under test, and every call one can make there. Narrowing calls throw on another outcome. */
import type { RecordAddress } from "../../src/domain/address.ts";
import { type FinishedRecord, resultAt, type Seen, visibleState } from "../../src/domain/record.ts";
import type { ReadOptions } from "../../src/store/port.ts";
import type { Harness } from "../conformance/harness.ts";
import * as commands from "./commands.ts";
import { plain } from "./plain.ts";

export type Subject = ReturnType<typeof subjectOf>;

export function subjectOf(harness: Harness, parts: Partial<RecordAddress> = {}) {
  const { store } = harness;
  const at = commands.address(parts);
  const begin = (given: commands.BeginParts = {}, options?: ReadOptions) =>
    store.begin(at, commands.beginCommand(given), options);
  const complete = (token: bigint, given: commands.CompleteParts = {}) =>
    store.complete(at, commands.completeCommand(token, given));
  const get = (options?: ReadOptions) => store.get(at, options);
  return {
    at,
    begin,
    complete,
    get,
    start: async (given: commands.BeginParts = {}) => narrow("started", await begin(given)),
    finish: async (token: bigint, given: commands.CompleteParts = {}) => narrow("stored", await complete(token, given)),
    /** Ends an attempt as retryable. */
    fail: async (token: bigint, given: commands.CompleteParts = {}) =>
      narrow("stored", await complete(token, { kind: "retryable", error: "try later", ...given })),
    renew: (token: bigint, given: commands.RenewParts = {}) => store.renew(at, commands.renewCommand(token, given)),
    checkpoint: (token: bigint, given: commands.CheckpointParts = {}) =>
      store.checkpoint(at, commands.checkpointCommand(token, given)),
    release: (token: bigint, given: commands.ReleaseParts = {}) =>
      store.release(at, commands.releaseCommand(token, given)),
    resolve: (given: commands.ResolveParts = {}) => store.resolve(at, commands.resolveCommand(given)),
    forget: (fenceFor?: number) => store.forget(at, commands.forgetCommand(fenceFor)),
    /** The record as Get tells it. */
    read: async () => narrow("found", await get()).record,
    /** What a caller sees: one of the states, or absent. */
    state: async () => {
      const seen = await get();
      return seen.kind === "found" ? visibleState(seen.record, seen.now) : "absent";
    },
    /** All that Get tells but the count of duplicates, which is best effort; for comparing before with after. */
    snapshot: async () => {
      const seen = await get();
      return seen.kind === "found" ? plain({ ...seen.record, duplicates: 0 }) : "absent";
    },
    lose: () => harness.lose(at),
  };
}

type OfKind<Outcome, Kind> = Outcome extends { readonly kind: infer Kinds }
  ? Kind extends Kinds
    ? Outcome & { readonly kind: Kind }
    : never
  : never;

/** The outcome, known to be of one kind. */
export function narrow<Outcome extends { readonly kind: string }, Kind extends Outcome["kind"]>(
  kind: Kind,
  outcome: Outcome,
): OfKind<Outcome, Kind> {
  if (outcome.kind !== kind) throw new Error(`expected ${kind}, got ${JSON.stringify(plain(outcome))}`);
  return outcome as OfKind<Outcome, Kind>; // just compared
}

/** The result as a caller would be given it, its body as text in hexadecimal; undefined where there is none. */
export function resultOf(seen: Seen): unknown {
  const { record, now } = seen;
  if (record.state !== "succeeded" && record.state !== "failed") throw new Error(`${record.state} has no result`);
  return plain(resultAt(record satisfies FinishedRecord, now));
}

/** The body as a caller would be given it; undefined where it is omitted. */
export function bodyOf(seen: Seen): string | undefined {
  const { record, now } = seen;
  if (record.state !== "succeeded" && record.state !== "failed") throw new Error(`${record.state} has no result`);
  const body = resultAt(record, now)?.body;
  return body === undefined ? undefined : Buffer.from(body).toString();
}
