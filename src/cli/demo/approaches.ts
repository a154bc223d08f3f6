/** Ways to handle a webhook that may come twice; each gets the same deliveries and the same faults. */
export const APPROACHES = {
  unguarded: { title: "no guard", does: "run it" },
  "look-first": { title: "look, run, mark", does: "skip it if its id is marked; run it; mark the id" },
  "mark-first": { title: "mark, run", does: "skip it if its id is marked; mark the id, atomically; run it" },
  onceward: { title: "onceward", does: "Begin; run it, or do as told; Complete" },
} as const;

export type Approach = keyof typeof APPROACHES;
// Object.keys loses the names; the table above is closed.
export const APPROACH_NAMES = Object.keys(APPROACHES) as Approach[];
