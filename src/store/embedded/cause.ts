/** What went wrong, in the words of whoever knows best: the innermost cause. Names files, never keys. */
export function inWords(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? inWords(cause.cause) : cause.message;
}
