/** What a decoder leaves where bytes were no UTF-8. */
export const REPLACEMENT = "\ufffd";

/** Whether any text in a message holds a replacement character, genuine or not: hardly a message does. */
export type Suspicion = (message: object) => boolean;

/** What proto-loader tells of a message's type. */
interface MessageType {
  readonly field: readonly Field[];
  readonly nestedType: readonly NestedType[];
}

interface NestedType extends MessageType {
  readonly name: string;
  readonly options: { readonly mapEntry?: boolean } | null;
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  /** Of a message, its package left away or not. */
  readonly typeName: string;
}

/** Looks up a type by the last part of its name; undefined = it is none of ours, and has no text that counts. */
export type TypeLookup = (name: string) => MessageType | undefined;

/**
 * Says where the texts of a type lie, once, so that a message of that type is not searched for them: looking at every
 * member of every message took a sixth of the time of a batch.
 */
export function suspicionOf(
  type: MessageType,
  lookup: TypeLookup,
  known = new Map<MessageType, Suspicion>(),
): Suspicion {
  const before = known.get(type);
  if (before !== undefined) return before;
  const parts: Suspicion[] = [];
  const suspicion: Suspicion = (message) => {
    for (const part of parts) if (part(message)) return true;
    return false;
  };
  known.set(type, suspicion); // first: a type may hold itself
  for (const field of type.field) {
    const one = suspicionOfField(field, type, lookup, known);
    if (one !== undefined) parts.push(one);
  }
  return suspicion;
}

function suspicionOfField(
  { name, label, type, typeName }: Field,
  owner: MessageType,
  lookup: TypeLookup,
  known: Map<MessageType, Suspicion>,
): Suspicion | undefined {
  const repeated = label === "LABEL_REPEATED";
  if (type === "TYPE_STRING") return (message) => somewhere(memberOf(message, name), repeated, isText);
  if (type !== "TYPE_MESSAGE") return undefined;
  const last = typeName.split(".").at(-1) ?? "";
  const nested = owner.nestedType.find((one) => one.name === last);
  if (nested?.options?.mapEntry) return (message) => inMap(memberOf(message, name));
  const inner = nested ?? lookup(last);
  if (inner === undefined) return undefined;
  const suspicion = suspicionOf(inner, lookup, known);
  return (message) => somewhere(memberOf(message, name), repeated, (member) => isObject(member) && suspicion(member));
}

function memberOf(message: object, name: string): unknown {
  return (message as Readonly<Record<string, unknown>>)[name]; // a decoded message: its members go by name
}

function somewhere(member: unknown, repeated: boolean, suspects: (one: unknown) => boolean): boolean {
  return repeated && Array.isArray(member) ? member.some(suspects) : suspects(member);
}

function isText(member: unknown): boolean {
  return typeof member === "string" && member.includes(REPLACEMENT);
}

function isObject(member: unknown): member is object {
  return typeof member === "object" && member !== null;
}

/** A map of ours has texts as values. */
function inMap(map: unknown): boolean {
  return isObject(map) && Object.entries(map).some(([key, value]) => isText(key) || isText(value));
}
