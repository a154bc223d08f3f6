import type * as grpc from "@grpc/grpc-js";
import type { Violation } from "../base/errors.ts";
import type { Any__Output } from "../transport/grpc/gen/google/protobuf/Any.ts";
import { protos } from "../transport/grpc/protos.ts";

const METADATA_KEY = "grpc-status-details-bin";
const TYPE_PREFIX = "type.googleapis.com/";

/** What a sidecar says about an error besides its status and message; all of it empty where it says nothing. */
export interface StatusDetails {
  /** Every bad field of a request, by its path. */
  readonly violations: readonly Violation[];
  /** When calling again may help, ms; undefined = not said. */
  readonly retryAfterMs: number | undefined;
  /** One of the codes of `docs/errors.md`; undefined = the error is not a sidecar's. */
  readonly reason: string | undefined;
  /** The part of the store that it is about; undefined = not said. */
  readonly shard: string | undefined;
}

const NONE: StatusDetails = { violations: [], retryAfterMs: undefined, reason: undefined, shard: undefined };

/** Reads `grpc-status-details-bin`. Bytes that nobody can read count as none: the status itself still stands. */
export function detailsOf(metadata: grpc.Metadata): StatusDetails {
  const [bytes] = metadata.get(METADATA_KEY);
  if (!Buffer.isBuffer(bytes)) return NONE;
  try {
    const { details } = protos().google.rpc.Status.deserialize(bytes);
    return Object.assign({}, NONE, ...details.map(read));
  } catch {
    return NONE;
  }
}

function read({ type_url, value }: Any__Output): Partial<StatusDetails> {
  const { BadRequest, ErrorInfo, RetryInfo } = protos().google.rpc;
  switch (type_url.replace(TYPE_PREFIX, "")) {
    case "google.rpc.BadRequest": {
      const { fieldViolations } = BadRequest.deserialize(value);
      return { violations: fieldViolations.map(({ field, description }) => ({ field, problem: description })) };
    }
    case "google.rpc.ErrorInfo": {
      const { reason, metadata } = ErrorInfo.deserialize(value);
      return { reason, shard: metadata.shard };
    }
    case "google.rpc.RetryInfo": {
      const { retryDelay } = RetryInfo.deserialize(value);
      if (retryDelay === null) return {};
      return { retryAfterMs: Number(retryDelay.seconds) * 1000 + Math.ceil(retryDelay.nanos / 1e6) };
    }
    default:
      return {};
  }
}
