/** Messages as JSON, in protobuf's own names and shapes where nothing is said otherwise. */
import type { Timestamp__Output } from "../transport/grpc/gen/google/protobuf/Timestamp.ts";
import { utcTime, utf8, withoutUnprintable } from "./format.ts";

export type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

/** For the help of every command that prints JSON. */
export const JSON_HELP =
  "one JSON object, names as in the API; 64-bit numbers are strings, bytes are text, or base64 under <name>Base64";

/** Bytes that are a digest, which people know in hexadecimal. */
const DIGEST_FIELD = "bodySha256";

/**
 * A message as proto-loader gives it. Instants are RFC 3339; messages that are not set are left out; a digest is
 * hexadecimal; other bytes are text under their own name, or, where they are no UTF-8, base64 under the name with
 * `Base64` behind it, so that a program can tell.
 */
export function jsonOf(message: object): { readonly [name: string]: Json } {
  const fields = Object.entries(message).flatMap(([name, value]) => fieldOf(name, value));
  return Object.fromEntries(fields);
}

/** One line that is safe on a terminal too: JSON itself leaves some control characters as they are. */
export function jsonLine(value: Json): string {
  return withoutUnprintable(JSON.stringify(value), (code) => `\\u${code.toString(16).padStart(4, "0")}`);
}

function fieldOf(name: string, value: unknown): [string, Json][] {
  if (value === null || value === undefined) return [];
  if (value instanceof Uint8Array) return [bytesField(name, value)];
  return [[name, toJson(value)]];
}

function bytesField(name: string, bytes: Uint8Array): [string, Json] {
  if (name === DIGEST_FIELD) return [name, Buffer.from(bytes).toString("hex")];
  const text = utf8(bytes);
  return text === undefined ? [`${name}Base64`, Buffer.from(bytes).toString("base64")] : [name, text];
}

function toJson(value: unknown): Json {
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object" && value !== null) return isInstant(value) ? utcTime(value) : jsonOf(value);
  if (typeof value === "number" || typeof value === "boolean") return value;
  return String(value);
}

/** A map's values are strings, so that metadata named like these is no instant. */
function isInstant(value: object): value is Timestamp__Output {
  return "seconds" in value && "nanos" in value && typeof value.nanos === "number";
}
