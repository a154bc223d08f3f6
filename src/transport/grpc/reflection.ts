import { readFileSync } from "node:fs";
import type * as grpc from "@grpc/grpc-js";
import { invariant } from "../../base/assert.ts";
import { requireLater } from "../../base/require-later.ts";
import { deferred } from "./deferred.ts";

/** Descriptor of a file inside a FileDescriptorSet: field 1, length-delimited. */
const FILE_TAG = 0x0a;

/** The versions of the service: what tools ask for first, and what older ones ask for. */
const PATHS = ["v1", "v1alpha"].map((version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`);

interface Method {
  readonly definition: grpc.MethodDefinition<object, object>;
  readonly handle: grpc.handleBidiStreamingCall<object, object>;
}

/**
 * Server reflection. Hardly a sidecar is ever asked, and reading the descriptors takes 15 MB and a tenth of the start:
 * so it is done when the first request comes.
 */
export function addReflection(server: grpc.Server): void {
  let loaded: ReadonlyMap<string, Method> | undefined;
  for (const path of PATHS) {
    const method = (): Method => {
      loaded ??= loadReflection();
      const found = loaded.get(path);
      invariant(found !== undefined, "the reflection package serves this path");
      return found;
    };
    const about = { path, requestStream: true, responseStream: true };
    const definition = deferred(about, () => method().definition);
    server.addService(
      { ServerReflectionInfo: definition },
      { ServerReflectionInfo: (call: Call) => method().handle(call) },
    );
  }
}

type Call = grpc.ServerDuplexStream<object, object>;

/** From the compiled descriptors: those that proto-loader makes lack the imports, and tools then find no service. */
function loadReflection(): ReadonlyMap<string, Method> {
  const { ReflectionService } = requireLater("@grpc/reflection") as typeof import("@grpc/reflection");
  const bytes = readFileSync(new URL("../../../proto/onceward.binpb", import.meta.url));
  const methods = new Map<string, Method>();
  // The package takes a loader's result; only the descriptors in it are read.
  new ReflectionService({ all: { fileDescriptorProtos: split(bytes) } } as never).addToServer({
    addService(service, implementation) {
      for (const [name, definition] of Object.entries(service)) {
        const handle = implementation[name] as Method["handle"]; // it has one method, which is of that kind
        methods.set(definition.path, { definition, handle });
      }
    },
  });
  return methods;
}

function split(bytes: Buffer): Buffer[] {
  const files: Buffer[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    if (bytes[offset] !== FILE_TAG) throw new Error("proto/onceward.binpb is no descriptor set");
    let length = 0;
    let shift = 0;
    for (let more = true; more; shift += 7) {
      const byte = bytes.readUInt8(++offset);
      length += (byte & 0x7f) * 2 ** shift;
      more = byte >= 0x80;
    }
    files.push(bytes.subarray(offset + 1, offset + 1 + length));
    offset += 1 + length;
  }
  return files;
}
