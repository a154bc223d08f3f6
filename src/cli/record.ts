/** A record for people: labelled lines, and the cells of a table. */

import type { Timestamp__Output } from "../transport/grpc/gen/google/protobuf/Timestamp.ts";
import type { Checkpoint__Output } from "../transport/grpc/gen/onceward/v1/Checkpoint.ts";
import type { Record__Output as RecordMessage } from "../transport/grpc/gen/onceward/v1/Record.ts";
import type { RecordAddress } from "../transport/grpc/gen/onceward/v1/RecordAddress.ts";
import type { Result__Output } from "../transport/grpc/gen/onceward/v1/Result.ts";
import { localTime, msOf, printable, relative, utf8 } from "./format.ts";
import { type Field, paint, type Tone } from "./output.ts";

/** Longest body that is shown to people, characters; programs get all of it. */
const BODY_SHOWN_MAX = 2000;

const TONES = {
  STATE_UNSPECIFIED: "doubtful",
  IN_PROGRESS: "waiting",
  UNKNOWN: "doubtful",
  SUCCEEDED: "good",
  FAILED: "bad",
  RETRYABLE: "doubtful",
  DEAD_LETTERED: "bad",
} as const satisfies Readonly<Record<RecordMessage["state"], Tone>>;

export function stateOf({ state }: RecordMessage): string {
  return paint(TONES[state] ?? "doubtful", String(state));
}

/** A caller's text; nothing at all where it is empty. */
function textField(label: string, text: string | undefined): Field {
  return text === undefined || text === "" ? undefined : [label, printable(text)];
}

export function addressFields(address: RecordAddress | null): Field[] {
  return [
    textField("key", address?.key),
    textField("namespace", address?.namespace),
    textField("operation", address?.operation),
    textField("stream", address?.stream),
  ];
}

/** Instants are told in full and relative to `now`, ms, by the clock of whoever reads. */
export function recordFields(record: RecordMessage, now: number): Field[] {
  const at = (label: string, instant: Timestamp__Output | null): Field =>
    instant === null ? undefined : [label, `${localTime(msOf(instant))} (${relative(msOf(instant), now)})`];
  return [
    ...addressFields(record.address),
    ["state", stateOf(record)],
    ["attempts", String(record.attempts)],
    textField("owner", record.owner),
    record.fencingToken === "0" ? undefined : ["token", record.fencingToken],
    at("created", record.createdAt),
    at("updated", record.updatedAt),
    at("lease until", record.leaseUntil),
    at("finished", record.finishedAt),
    at("expires", record.expiresAt),
    record.duplicates === "0" ? undefined : ["duplicates", record.duplicates],
    textField("trace", record.traceparent),
    textField("last error", record.lastError),
    ...checkpointFields(record.checkpoint, now),
    ...(record.result === null ? [] : resultFields(record.result, record.resultOmitted)),
  ];
}

export function checkpointFields(checkpoint: Checkpoint__Output | null, now: number): Field[] {
  if (checkpoint === null) return [];
  const { name, step, savedAt, data } = checkpoint;
  const numbered = step === "0" ? "" : `, step ${step}`;
  const saved = savedAt === null ? "" : `, saved ${relative(msOf(savedAt), now)}`;
  return [["checkpoint", printable(name) + numbered + saved], bodyField("data", data)];
}

function resultFields(result: Result__Output, omitted: boolean): Field[] {
  const { body, contentType, metadata, reference, bodySize, bodySha256 } = result;
  const type = contentType === "" ? "" : `${printable(contentType)}, `;
  const digest = bodySha256.length === 0 ? "" : `, sha256 ${bodySha256.toString("hex")}`;
  const pairs = Object.entries(metadata).map(([name, value]) => `${printable(name)}=${printable(value)}`);
  return [
    ["result", `${type}${bodySize} bytes${digest}`],
    textField("kept at", reference),
    pairs.length === 0 ? undefined : ["metadata", pairs.join("\n")],
    omitted ? ["body", "omitted: too large, or its retention is over"] : bodyField("body", body),
  ];
}

function bodyField(label: string, bytes: Uint8Array): Field {
  if (bytes.length === 0) return undefined;
  const text = utf8(bytes);
  if (text === undefined) return [label, "is no text: --json has it as base64"];
  const shown = text.slice(0, BODY_SHOWN_MAX).split(/\r?\n/).map(printable).join("\n");
  return [label, text.length > BODY_SHOWN_MAX ? `${shown}…\n(cut: --json has all of it)` : shown];
}
