import { pause } from "../../base/wait.ts";

/** What the promise comes to within `ms`; undefined after that, or when the signal says stop. */
export async function orNothing<T>(promise: Promise<T>, ms: number, signal: AbortSignal): Promise<T | undefined> {
  const settled = new AbortController();
  const over = pause(ms, AbortSignal.any([signal, settled.signal])).then(() => undefined);
  try {
    return await Promise.race([promise, over]);
  } finally {
    settled.abort();
  }
}
