/** Why a {@link pause} ended. */
export type PauseEnd = "elapsed" | "aborted";

/** Longest timer Node takes, ms; a longer one would fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Waits `ms` milliseconds or until the signal says stop, whichever comes first. Never rejects. */
export function pause(ms: number, signal?: AbortSignal): Promise<PauseEnd> {
  if (signal?.aborted) return Promise.resolve("aborted");
  return new Promise((resolve) => {
    const timer = setTimeout(() => end("elapsed"), Math.min(ms, TIMER_MS_MAX));
    const onAbort = () => end("aborted");
    const end = (why: PauseEnd) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      resolve(why);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** Runs `act` once after `ms` milliseconds; the returned function calls it off. Does not keep the process alive. */
export function later(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, Math.min(ms, TIMER_MS_MAX));
  timer.unref();
  return () => clearTimeout(timer);
}

/** Runs `act` every `ms` milliseconds until the returned function is called. Does not keep the process alive. */
export function every(ms: number, act: () => void): () => void {
  const timer = setInterval(act, Math.min(ms, TIMER_MS_MAX));
  timer.unref();
  return () => clearInterval(timer);
}
