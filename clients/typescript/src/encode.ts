/**
 * The arguments of a call as its message, every one of them checked: what the writer holds counts only if the checks
 * found nothing. Field numbers are those of types.proto and idempotency.proto.
 */
import type {
  Address,
  BeginOptions,
  CheckpointOptions,
  CompleteOptions,
  Fingerprint,
  GetOptions,
  Ordering,
  ReleaseOptions,
  RenewOptions,
  ResultInput,
} from "./arguments.ts";
import { type Checks, UINT64_MAX } from "./checks.ts";
import type { Writer } from "./protobuf-writer.ts";

const LEASE = { min: 100, max: 3_600_000 } as const;
const WAIT = { min: 1, max: 30_000 } as const;
const RETENTION = { min: 1000, max: 90 * 86_400_000 } as const;
const RETRY_AFTER = { min: 1, max: 30 * 86_400_000 } as const;
const METADATA_BYTES_MAX = 8192;
/** Of a text that the sidecar cuts rather than refuses; this only bounds the message. */
const ERROR_BYTES_MAX = 1024 * 1024;
/** gRPC takes no message over 4 MiB. */
const PAYLOAD_BYTES_MAX = 4 * 1024 * 1024;
const JSON_BYTES_MAX = 256 * 1024;
const UINT32_MAX = 4_294_967_295;
const SEQUENCE_MAX = UINT64_MAX - 1n;

const NAMESPACE = /^[a-z0-9][a-z0-9._-]{0,62}$/;
const LAPSE_POLICY = { takeOver: 1, hold: 2 } as const;
const KIND = { succeeded: 1, failed: 2, retryable: 3 } as const;
const MODE = { strictNext: 1, monotonic: 2, lastWriteWins: 3, exact: 4 } as const;
const UNKNOWN_STREAM = { requireInitial: 1, adopt: 2 } as const;
const TERMINAL_FAILURE = { block: 1, skip: 2 } as const;

const CALL = ["timeoutMs", "signal"];
const ADDRESS_MEMBERS = new Set(["namespace", "operation", "stream", "key"]);
const BEGIN_MEMBERS = new Set([
  ...CALL,
  ...[
    "fingerprint",
    "attemptId",
    "owner",
    "leaseMs",
    "waitMs",
    "retentionMs",
    "lapsePolicy",
    "maxAttempts",
    "ordering",
  ],
]);
const FINGERPRINT_MEMBERS = new Set(["payload", "json", "digest", "algorithm"]);
const ORDERING_MEMBERS = new Set([
  ...["mode", "sequence", "epoch", "tiebreak", "initial", "onUnknownStream", "onTerminalFailure"],
]);
const FINAL_MEMBERS = [...CALL, "kind", "token", "result", "retentionMs"];
const COMPLETE_MEMBERS = {
  succeeded: new Set(FINAL_MEMBERS),
  failed: new Set([...FINAL_MEMBERS, "error"]),
  retryable: new Set([...CALL, "kind", "token", "error", "retryAfterMs"]),
} as const;
/** Of a completion whose kind says nothing. */
const ANY_MEMBERS = new Set([...COMPLETE_MEMBERS.failed, ...COMPLETE_MEMBERS.retryable]);
const RESULT_MEMBERS = new Set(["body", "contentType", "metadata", "reference"]);
const GET_MEMBERS = new Set([...CALL, "waitMs"]);
const CALL_MEMBERS = new Set(CALL);
const NO_BYTES = new Uint8Array(0);

/** Where a call is checked and written. */
export interface Sheet {
  readonly checks: Checks;
  readonly writer: Writer;
}

/** `attemptId`: of a call that names none. */
export function encodeBegin(sheet: Sheet, address: Address, options: BeginOptions, attemptId: () => string): void {
  const { checks, writer } = sheet;
  checks.members("", options, BEGIN_MEMBERS);
  const { fingerprint, ordering, owner, leaseMs, waitMs, retentionMs, lapsePolicy, maxAttempts } = options;
  writeAddress(sheet, address);
  if (fingerprint !== undefined) writeFingerprint(sheet, fingerprint);
  writer.text(3, checks.text("attemptId", options.attemptId, 0, 64) || attemptId());
  writer.text(4, checks.text("owner", owner, 0, 256));
  writer.number(5, checks.duration("leaseMs", leaseMs, LEASE));
  writer.number(6, checks.duration("waitMs", waitMs, WAIT));
  writer.number(7, checks.duration("retentionMs", retentionMs, RETENTION));
  writer.number(8, checks.choice("lapsePolicy", lapsePolicy, LAPSE_POLICY));
  writer.number(9, checks.count("maxAttempts", maxAttempts, UINT32_MAX));
  if (ordering !== undefined) writeOrdering(sheet, ordering, address);
}

export function encodeComplete(sheet: Sheet, address: Address, options: CompleteOptions): void {
  const { checks, writer } = sheet;
  // The type allows some of these with some kinds only; a caller without types may give any.
  const { kind, token, result, error, retryAfterMs, retentionMs }: Loose = options;
  if (kind === undefined) checks.refuse("kind", "is required");
  const number = checks.choice("kind", kind, KIND);
  checks.members("", options, Object.hasOwn(COMPLETE_MEMBERS, kind) ? COMPLETE_MEMBERS[kind] : ANY_MEMBERS);
  writeAddress(sheet, address);
  writer.bigint(2, checks.uint64("token", token));
  writer.number(3, number);
  if (result !== undefined) writeResult(sheet, result);
  writer.text(5, checks.text("error", error, 0, ERROR_BYTES_MAX));
  writer.number(6, checks.duration("retryAfterMs", retryAfterMs, RETRY_AFTER));
  writer.number(7, checks.duration("retentionMs", retentionMs, RETENTION));
}

interface Loose extends Pick<CompleteOptions, "kind" | "token"> {
  readonly result?: ResultInput | undefined;
  readonly error?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly retentionMs?: number | undefined;
}

export function encodeGet(sheet: Sheet, address: Address, options: GetOptions): void {
  const { checks, writer } = sheet;
  checks.members("", options, GET_MEMBERS);
  writeAddress(sheet, address);
  writer.number(2, checks.duration("waitMs", options.waitMs, WAIT));
}

export function encodeRenew(sheet: Sheet, address: Address, { token, leaseMs, ...rest }: RenewOptions): void {
  const { checks, writer } = sheet;
  checks.members("", rest, CALL_MEMBERS);
  writeAddress(sheet, address);
  writer.bigint(2, checks.uint64("token", token));
  writer.number(3, checks.duration("leaseMs", leaseMs, LEASE));
}

export function encodeCheckpoint(sheet: Sheet, address: Address, options: CheckpointOptions): void {
  const { checks, writer } = sheet;
  const { token, name, data, leaseMs, step, ...rest } = options;
  checks.members("", rest, CALL_MEMBERS);
  writeAddress(sheet, address);
  writer.bigint(2, checks.uint64("token", token));
  writer.text(3, checks.text("name", name, 1, 256));
  writer.bytes(4, checks.bytes("data", data));
  writer.number(5, checks.duration("leaseMs", leaseMs, LEASE));
  writer.bigint(6, step === undefined ? undefined : checks.uint64("step", step));
}

export function encodeRelease(sheet: Sheet, address: Address, { token, ...rest }: ReleaseOptions): void {
  sheet.checks.members("", rest, CALL_MEMBERS);
  writeAddress(sheet, address);
  sheet.writer.bigint(2, sheet.checks.uint64("token", token));
}

function writeAddress({ checks, writer }: Sheet, address: Address): void {
  if (!checks.members("address", address, ADDRESS_MEMBERS)) return;
  const { namespace, operation, stream, key } = address;
  const space = checks.text("address.namespace", namespace, 0, 63);
  if (space !== undefined && space !== "" && !NAMESPACE.test(space)) {
    checks.refuse("address.namespace", `must match ${NAMESPACE.source}`);
  }
  const start = writer.open(1);
  writer.text(1, space);
  writer.text(2, checks.text("address.operation", operation, 0, 128));
  writer.text(3, checks.text("address.stream", stream, 0, 256));
  writer.text(4, checks.text("address.key", key, 1, 512));
  writer.close(start);
}

function writeFingerprint({ checks, writer }: Sheet, value: Fingerprint): void {
  if (!checks.members("fingerprint", value, FINGERPRINT_MEMBERS)) return;
  const { payload, json, digest, algorithm } = value as Readonly<Record<string, unknown>>;
  const sources = Number(payload !== undefined) + Number(json !== undefined) + Number(digest !== undefined);
  if (sources !== 1) checks.refuse("fingerprint", "must have one of payload, json and digest");
  if (digest === undefined && algorithm !== undefined) {
    checks.refuse("fingerprint.algorithm", "goes with a digest only");
  }
  const start = writer.open(2);
  if (digest !== undefined) {
    if (!(digest instanceof Uint8Array)) checks.refuse("fingerprint.digest", "must be a Uint8Array");
    else if (digest.length < 1 || digest.length > 64) checks.refuse("fingerprint.digest", "must be 1 to 64 bytes long");
    else writer.presentBytes(1, digest);
    writer.text(4, checks.text("fingerprint.algorithm", algorithm, 1, 64));
  } else if (json !== undefined) {
    writer.text(3, checks.text("fingerprint.json", json, 1, JSON_BYTES_MAX));
  } else if (typeof payload === "string") {
    writer.presentText(2, checks.text("fingerprint.payload", payload, 0, PAYLOAD_BYTES_MAX) ?? "");
  } else {
    writer.presentBytes(2, checks.bytes("fingerprint.payload", payload) ?? NO_BYTES);
  }
  writer.close(start);
}

function writeOrdering({ checks, writer }: Sheet, value: Ordering, address: Address): void {
  if (!checks.members("ordering", value, ORDERING_MEMBERS)) return;
  if (!address?.stream) checks.refuse("ordering", "needs address.stream");
  if (value.mode === undefined) checks.refuse("ordering.mode", "is required");
  const { sequence, mode, epoch, tiebreak, initial, onUnknownStream, onTerminalFailure } = value;
  const start = writer.open(10);
  writer.bigint(1, checks.uint64("ordering.sequence", sequence, SEQUENCE_MAX));
  writer.number(2, checks.choice("ordering.mode", mode, MODE));
  if (epoch !== undefined) writer.bigint(3, checks.uint64("ordering.epoch", epoch));
  if (tiebreak !== undefined) writer.bigint(4, checks.uint64("ordering.tiebreak", tiebreak));
  if (initial !== undefined) writer.presentBigint(5, checks.uint64("ordering.initial", initial, SEQUENCE_MAX));
  writer.number(6, checks.choice("ordering.onUnknownStream", onUnknownStream, UNKNOWN_STREAM));
  writer.number(7, checks.choice("ordering.onTerminalFailure", onTerminalFailure, TERMINAL_FAILURE));
  writer.close(start);
}

function writeResult(sheet: Sheet, value: ResultInput): void {
  const { checks, writer } = sheet;
  if (!checks.members("result", value, RESULT_MEMBERS)) return;
  const { body, contentType, metadata, reference } = value;
  const start = writer.open(4);
  writer.bytes(1, checks.bytes("result.body", body));
  writer.text(2, checks.text("result.contentType", contentType, 0, 256));
  if (metadata !== undefined) writeMetadata(sheet, metadata);
  writer.text(4, checks.text("result.reference", reference, 0, 2048));
  writer.close(start);
}

function writeMetadata({ checks, writer }: Sheet, value: unknown): void {
  if (typeof value !== "object" || value === null) {
    checks.refuse("result.metadata", "must be an object");
    return;
  }
  let bytes = 0;
  for (const [name, given] of Object.entries(value)) {
    const text = checks.text(`result.metadata.${name}`, given ?? null, 0, METADATA_BYTES_MAX) ?? "";
    if (!name.isWellFormed()) checks.refuse("result.metadata", "must have names of well-formed Unicode");
    const start = writer.open(3);
    writer.text(1, name);
    writer.text(2, text);
    writer.close(start);
    bytes += Buffer.byteLength(name) + Buffer.byteLength(text);
  }
  if (bytes > METADATA_BYTES_MAX) {
    checks.refuse("result.metadata", `is ${bytes} bytes long, at most ${METADATA_BYTES_MAX} are allowed`);
  }
}
