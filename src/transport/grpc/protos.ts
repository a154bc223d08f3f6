import { existsSync } from "node:fs";
import * as grpc from "@grpc/grpc-js";
import { requireLater } from "../../base/require-later.ts";
import type { ProtoGrpcType as AdminProtos } from "./gen/admin.ts";
import type { ProtoGrpcType as DetailProtos } from "./gen/error_details.ts";
import type { ProtoGrpcType as IdempotencyProtos } from "./gen/idempotency.ts";
import type { ProtoGrpcType as LeaseProtos } from "./gen/lease.ts";
import type { ProtoGrpcType as SequenceProtos } from "./gen/sequence.ts";

/**
 * How messages look in JavaScript: 64-bit numbers are decimal strings, enums their bare names, absent scalars their
 * defaults. `scripts/generate.ts` makes the types with the same options.
 */
const LOADER_OPTIONS = { longs: String, enums: String, defaults: true, oneofs: true } as const;

const OURS = "onceward/v1/idempotency.proto";
/** Both folders stand two levels above this one's room, in the repository and beside the packaged bundle alike. */
const INCLUDE_DIRS = ["../../../proto/", "../../../node_modules/google-proto-files/"]
  .map((relative) => new URL(relative, import.meta.url).pathname)
  .filter((directory) => existsSync(directory));

function load() {
  const { loadSync } = requireLater("@grpc/proto-loader") as typeof import("@grpc/proto-loader");
  const ours = [OURS, "onceward/v1/admin.proto", "onceward/v1/lease.proto", "onceward/v1/sequence.proto"];
  const files = [...ours, "google/rpc/status.proto", "google/rpc/error_details.proto"];
  const definition = loadSync(files, { ...LOADER_OPTIONS, includeDirs: INCLUDE_DIRS });
  // proto-loader's result is untyped; the generated types describe exactly these files under these options.
  return grpc.loadPackageDefinition(definition) as unknown as AdminProtos &
    IdempotencyProtos &
    LeaseProtos &
    SequenceProtos &
    DetailProtos;
}

let loaded: ReturnType<typeof load> | undefined;

/**
 * The services and messages, read from `proto/` once a process, and not before somebody asks: that takes a fifth of a
 * start and some MB, and the calls that are made most need none of it.
 */
export function protos(): ReturnType<typeof load> {
  loaded ??= load();
  return loaded;
}
