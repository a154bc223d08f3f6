/** Turns a `google.rpc.Status`, of a call or of an item of a batch, into an error. */
import type { StatusObject } from "@grpc/grpc-js";
import { codeOf, type ErrorDetails, OncewardError, type Violation } from "./errors.ts";
import { Reader } from "./protobuf-reader.ts";
import { readEntry, readInstant } from "./record.ts";

const METADATA_KEY = "grpc-status-details-bin";
const TYPE_PREFIX = "type.googleapis.com/google.rpc.";

/** How a call failed, taken apart. */
export function errorOfCall(status: StatusObject): OncewardError {
  const [bytes] = status.metadata.get(METADATA_KEY);
  const details = Buffer.isBuffer(bytes) ? detailsIn(bytes) : {};
  return new OncewardError(codeOf(status.code), status.details, { ...details, cause: status });
}

/** How an item of a batch failed. */
export function readItemError(reader: Reader): OncewardError {
  const { code, message, details } = readStatus(reader);
  return new OncewardError(codeOf(code), message, details);
}

/** Bytes that nobody can read count as none: the status itself still stands. */
function detailsIn(bytes: Buffer): ErrorDetails {
  try {
    return readStatus(new Reader(bytes)).details;
  } catch {
    return {};
  }
}

function readStatus(reader: Reader) {
  let [code, message] = [0, ""];
  const details: ErrorDetails[] = [];
  while (reader.next()) {
    if (reader.field === 1) code = reader.number();
    else if (reader.field === 2) message = reader.text();
    else if (reader.field === 3) details.push(reader.message(readAny));
    else reader.skip();
  }
  const all: ErrorDetails = Object.assign({}, ...details);
  return { code, message, details: all };
}

function readAny(reader: Reader): ErrorDetails {
  let [type, value]: [string, Buffer] = ["", Buffer.alloc(0)];
  while (reader.next()) {
    if (reader.field === 1) type = reader.text();
    else if (reader.field === 2) value = reader.bytes();
    else reader.skip();
  }
  switch (type.replace(TYPE_PREFIX, "")) {
    case "ErrorInfo":
      return readErrorInfo(new Reader(value));
    case "BadRequest":
      return readBadRequest(new Reader(value));
    case "RetryInfo":
      return readRetryInfo(new Reader(value));
    default:
      return {};
  }
}

function readErrorInfo(reader: Reader): ErrorDetails {
  let reason: string | undefined;
  let shard: string | undefined;
  while (reader.next()) {
    if (reader.field === 1) reason = reader.text();
    else if (reader.field === 3) {
      const [name, value] = reader.message(readEntry);
      if (name === "shard") shard = value;
    } else reader.skip();
  }
  return { reason, shard };
}

function readBadRequest(reader: Reader): ErrorDetails {
  const violations: Violation[] = [];
  while (reader.next()) {
    if (reader.field !== 1) reader.skip();
    else {
      // Of the same shape as an entry of a map: two texts.
      const [field, problem] = reader.message(readEntry);
      violations.push({ field, problem });
    }
  }
  return { violations };
}

function readRetryInfo(reader: Reader): ErrorDetails {
  let retryAfterMs: number | undefined;
  while (reader.next()) {
    if (reader.field === 1) retryAfterMs = reader.message(readInstant);
    else reader.skip();
  }
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}
