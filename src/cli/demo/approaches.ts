/** Ways to handle a webhook that may come twice, or out of turn; each gets the same deliveries and the same faults. */
export const APPROACHES = {
  unguarded: { title: "no guard", does: "run it" },
  "look-first": { title: "look, run, mark", does: "skip it if its id is marked; run it; mark the id" },
  "mark-first": { title: "mark, run", does: "skip it if its id is marked; mark the id, atomically; run it" },
  onceward: { title: "onceward", does: "Begin; run it, or do as told; Complete" },
  "as-they-come": { title: "as they come", does: "apply it" },
  "skip-older": { title: "skip the older", does: "skip it if a later one is noted; note its number; apply it" },
  "in-order": {
    title: "onceward",
    does: "Begin with its number; apply it, hand it back or drop it, as told; Complete",
  },
} as const;

export type Approach = keyof typeof APPROACHES;

/** The acts of the demo; the last approach of each is the one with the sidecar. */
export const ACTS = {
  once: ["unguarded", "look-first", "mark-first", "onceward"],
  order: ["as-they-come", "skip-older", "in-order"],
} as const satisfies Record<string, readonly Approach[]>;

export type Act = keyof typeof ACTS;
// Object.keys loses the names; the table above is closed.
export const ACT_NAMES = Object.keys(ACTS) as Act[];

export function needsSidecar(approach: Approach): boolean {
  return approach === "onceward" || approach === "in-order";
}
