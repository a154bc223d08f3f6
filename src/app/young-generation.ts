/**
 * How much room V8 gives to what is new. Left to itself it takes up to 64 MB, which a sidecar never gives back: a third
 * of its memory under load. Smaller is slower, since what is collected more often has died less often.
 *
 * Sizes are read when V8 starts, so a program that is given no flags can only say by how much they may grow.
 */
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** What it grows to: 8 MiB, twice since it is copied to and fro; V8 begins with 1 MiB. See docs/performance.md. */
const GROWN_BYTES = 16 * 1024 * 1024;

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

/**
 * Lets it grow when there is work for it, and no further. V8 takes it back when it collects what is old while little
 * happens, as at night, so it may have to grow again: a sidecar that could not took 1.3 times the CPU for each call,
 * for good. V8 is asked after each collection, the only time at which it changes the size; it has to fill all of it
 * several times before it would grow once more.
 */
export function letYoungGenerationGrow(): void {
  let growth = 0;
  const look = () => {
    const wanted = growthFrom(youngBytes());
    if (wanted !== growth) growBy(wanted);
    growth = wanted;
  };
  look();
  new PerformanceObserver(look).observe({ type: "gc" });
}

/** V8's own doubling, until the next would lead beyond. */
function growthFrom(bytes: number): number {
  return bytes > GROWN_BYTES / 2 ? 1 : 2;
}

function growBy(factor: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}

/** Of both halves, as far as they are in use. */
function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space")?.space_size ?? 0;
}
