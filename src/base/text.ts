const { charCodeAt } = String.prototype;

/**
 * As `text.charCodeAt(index)`, for hot paths: V8 has a dozen kinds of texts, and where it has met five of them it looks
 * their method up anew for each character.
 */
export function codeAt(text: string, index: number): number {
  return charCodeAt.call(text, index);
}
