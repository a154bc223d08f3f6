import type { FencingToken } from "../base/units.ts";

/**
 * Whether the caller runs without a token, as `fail_open` lets it: there is no record to change. The transport refuses
 * such a token where the namespace does not fail open.
 */
export function unguarded(token: FencingToken): boolean {
  return token === 0n;
}
