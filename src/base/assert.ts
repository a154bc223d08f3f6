/** Stops on our own mistake; never used for what a caller, an operator or a store can get wrong. */
export function invariant(holds: boolean, promise: string): asserts holds {
  if (!holds) throw new Error(`broken invariant: ${promise}`);
}

/** Ends an exhaustive switch: a new member of the union does not compile until it is handled. */
export function assertNever(value: never): never {
  throw new Error(`broken invariant: unhandled case ${String(value)}`);
}
