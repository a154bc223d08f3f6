/** What a decoder leaves where bytes were no UTF-8. */
const REPLACEMENT = "\ufffd";

/** Text fields of a message that were not UTF-8 on the wire, by message. */
const invalidText = new WeakMap<object, readonly string[]>();

/**
 * Wraps a deserializer so that text which is not UTF-8 is noticed: protobufjs replaces such bytes silently, and two
 * different keys would become one. A replacement character is genuine only if it stands in the bytes as such.
 */
export function checkingText<T extends object>(deserialize: (bytes: Buffer) => T): (bytes: Buffer) => T {
  return (bytes) => {
    const message = deserialize(bytes);
    const found: string[] = [];
    collect(message, "", bytes, found);
    if (found.length > 0) invalidText.set(message, found);
    return message;
  };
}

/** Paths of the fields of `message` that were not UTF-8. */
export function invalidTextOf(message: object): readonly string[] {
  return invalidText.get(message) ?? [];
}

function collect(value: object, path: string, bytes: Buffer, found: string[]): void {
  for (const [name, member] of Object.entries(value)) {
    const here = Array.isArray(value)
      ? `${path}[${name}]`
      : path === ""
        ? snakeCase(name)
        : `${path}.${snakeCase(name)}`;
    if (isForeign(name, bytes)) found.push(here);
    if (typeof member === "string") {
      if (isForeign(member, bytes)) found.push(here);
    } else if (typeof member === "object" && member !== null && !ArrayBuffer.isView(member)) {
      collect(member, here, bytes, found);
    }
  }
}

function isForeign(text: string, bytes: Buffer): boolean {
  return text.includes(REPLACEMENT) && !bytes.includes(text);
}

/** Field names in errors are those of the proto files. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
