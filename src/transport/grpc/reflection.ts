import { readFileSync } from "node:fs";
import { ReflectionService } from "@grpc/reflection";

/** Descriptor of a file inside a FileDescriptorSet: field 1, length-delimited. */
const FILE_TAG = 0x0a;

/**
 * Server reflection, from the compiled descriptors: those that proto-loader makes lack the imports, and clients such as
 * grpcurl then find no service.
 */
export function openReflection(): ReflectionService {
  const bytes = readFileSync(new URL("../../../proto/onceward.binpb", import.meta.url));
  // The package takes a loader's result; only the descriptors in it are read.
  return new ReflectionService({ all: { fileDescriptorProtos: split(bytes) } } as never);
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
