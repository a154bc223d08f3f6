import { readFileSync } from "node:fs";
import type * as grpc from "@grpc/grpc-js";
import { ReflectionService } from "@grpc/reflection";
import { invariant } from "../../base/assert.ts";

/** Descriptor of a file inside a FileDescriptorSet: field 1, length-delimited. */
const FILE_TAG = 0x0a;

/** The versions of the service: what tools ask for first, and what older ones ask for. */
const PATHS = ["v1", "v1alpha"].map((version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`);

interface Method {
  readonly definition: grpc.MethodDefinition<unknown, unknown>;
  readonly handle: grpc.handleBidiStreamingCall<unknown, unknown>;
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
    const definition: grpc.MethodDefinition<unknown, unknown> = {
      path,
      requestStream: true,
      responseStream: true,
      requestSerialize: (message) => method().definition.requestSerialize(message),
      requestDeserialize: (bytes) => method().definition.requestDeserialize(bytes),
      responseSerialize: (message) => method().definition.responseSerialize(message),
      responseDeserialize: (bytes) => method().definition.responseDeserialize(bytes),
    };
    server.addService(
      { ServerReflectionInfo: definition },
      { ServerReflectionInfo: (call: Call) => method().handle(call) },
    );
  }
}

type Call = grpc.ServerDuplexStream<unknown, unknown>;

/** From the compiled descriptors: those that proto-loader makes lack the imports, and tools then find no service. */
function loadReflection(): ReadonlyMap<string, Method> {
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
