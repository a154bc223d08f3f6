/**
 * How much room V8 gives to what is new. Left to itself it takes up to 64 MB, which a sidecar never gives back: a third
 * of its memory under load. Smaller is slower, since what is collected more often has died less often.
 *
 * Sizes are read when V8 starts, so a program that is given no flags can only say by how much they may grow.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { every } from "../base/wait.ts";

/** From the 1 MB that V8 begins with to 8 MB, twice since it is copied to and fro; see docs/performance.md. */
const GROWTH = 8;
/** More than it begins with, less than it grows to. */
const GROWN_BYTES = 6e6;
/** V8 has to fill all of it several times before it would grow again. */
const LOOK_MS = 100;

/** As small as it is now, until something else is said: what is needed for a start is needed once. */
export function holdYoungGeneration(): void {
  growBy(1);
}

/** Calls of a function until it is optimized: as many as V8 asks for before Maglev takes it. */
const CALLS_BEFORE_OPTIMIZED = 400;

/**
 * Lets what is over die young, as nearly all of a call does. Two habits of V8's keep a sixth of it until the next full
 * collection, which finds tens of megabytes of calls long answered: it makes what has often survived in the old
 * generation from the start, such as streams of HTTP/2 when many calls are under way, and dead ones then hold all that
 * they point to; and so does, by measurement, what is made by code that TurboFan has not optimized. So nothing is made
 * old, and TurboFan takes the place of Maglev. See docs/adr/0014-let-calls-die-young.md.
 *
 * To be said when the program has been read (before, it made a start an eighth longer), and before it works.
 */
export function letCallsDieYoung(): void {
  setFlagsFromString("--no-allocation-site-pretenuring");
  setFlagsFromString("--no-maglev");
}

/** Has it come as soon as Maglev would have. To be said when calls come: before, it would compile for the start. */
export function optimizeCallsEarly(): void {
  setFlagsFromString(`--invocation-count-for-turbofan=${CALLS_BEFORE_OPTIMIZED}`);
}

/** Lets it grow once, when there is work for it. What is returned stops looking whether it has. */
export function letYoungGenerationGrowOnce(): () => void {
  growBy(GROWTH);
  const stop = every(LOOK_MS, () => {
    if (youngBytes() < GROWN_BYTES) return;
    growBy(1);
    stop();
  });
  return stop;
}

function growBy(factor: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space")?.space_size ?? 0;
}
