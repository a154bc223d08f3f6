import { repeat, Stopwatch, type Work } from "./loops.ts";
import type { GuardCalls } from "./protocol.ts";

/** Records that duplicates are sent for, and how many callers at once finish them beforehand. */
const FINISHED_RECORDS = 500;
const PREPARE_LOOPS = 32;
/** In a mix every so many-th call is a duplicate: 5 %. */
const MIX_DUPLICATE_EVERY = 20;

/** Something that keeps an effect from running twice. A wrong answer rejects. */
export interface Guard<Asked> {
  /** What nobody has asked for yet. */
  fresh(): Asked;
  /** Asks for it, is told to go on, and says that it is done. */
  first(asked: Asked, stopwatch: Stopwatch): Promise<void>;
  /** Asks for it again, and is given the result. */
  again(asked: Asked, stopwatch: Stopwatch): Promise<void>;
}

/** New keys, duplicates of finished ones, or both: the same for whoever guards. */
export function guardWork<Asked>(guard: Guard<Asked>, calls: GuardCalls): Work {
  const first = (stopwatch: Stopwatch) => guard.first(guard.fresh(), stopwatch);
  if (calls === "pairs") return { step: first };
  const finished: Asked[] = [];
  let steps = 0;
  const again = (stopwatch: Stopwatch) => {
    const asked = finished[steps % finished.length];
    if (asked === undefined) throw new Error("no record was finished beforehand");
    return guard.again(asked, stopwatch);
  };
  const every = calls === "mix" ? MIX_DUPLICATE_EVERY : 1;
  return {
    prepare: () =>
      repeat(FINISHED_RECORDS, PREPARE_LOOPS, async () => {
        const asked = guard.fresh();
        await guard.first(asked, new Stopwatch());
        finished.push(asked);
      }),
    step: (stopwatch) => (++steps % every === 0 ? again(stopwatch) : first(stopwatch)),
  };
}
