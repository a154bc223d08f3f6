/** Where on the way of one delivery a fault can strike. The client stops there and asks, but for `answered`. */
export type Point = "begun" | "before-effect" | "effect-done" | "completed" | "answered";

/** What happens there. `change-payload`: the sender delivers the id again, with something else in it. */
export type Strike = "lose-reply" | "kill" | "pause" | "slow" | "change-payload";

interface FaultKind {
  readonly point: Point;
  readonly strike: Strike;
  /** Part of all events that meet it; at least one does. */
  readonly share: number;
  /** For the story of one event, and for the table. */
  readonly word: string;
  readonly label: string;
  /** The event is begun with the lapse policy HOLD: nobody takes over, an operator decides. */
  readonly hold?: true;
}

export const FAULTS = {
  "begin-reply-lost": {
    point: "begun",
    strike: "lose-reply",
    share: 0.05,
    word: "reply of Begin lost",
    label: "reply of Begin lost",
  },
  "effect-reply-lost": {
    point: "effect-done",
    strike: "lose-reply",
    share: 0.04,
    word: "reply of the ledger lost",
    label: "reply of the ledger lost",
  },
  "complete-reply-lost": {
    point: "completed",
    strike: "lose-reply",
    share: 0.05,
    word: "reply of Complete lost",
    label: "reply of Complete lost",
  },
  "answer-lost": {
    point: "answered",
    strike: "lose-reply",
    share: 0.05,
    word: "answer to the sender lost",
    label: "answer to the sender lost",
  },
  slow: {
    point: "before-effect",
    strike: "slow",
    share: 0.03,
    word: "slow",
    label: "effect slower than the sender waits",
  },
  "killed-before": {
    point: "before-effect",
    strike: "kill",
    share: 0.025,
    word: "killed before the effect",
    label: "client killed before the effect",
  },
  "killed-after": {
    point: "effect-done",
    strike: "kill",
    share: 0.025,
    word: "killed after the effect",
    label: "client killed after the effect",
  },
  "held-before": {
    point: "before-effect",
    strike: "kill",
    share: 0.01,
    word: "killed before the effect",
    label: "killed before it, under HOLD",
    hold: true,
  },
  "held-after": {
    point: "effect-done",
    strike: "kill",
    share: 0.01,
    word: "killed after the effect",
    label: "killed after it, under HOLD",
    hold: true,
  },
  "paused-before": {
    point: "before-effect",
    strike: "pause",
    share: 0.02,
    word: "paused before the effect",
    label: "client paused before the effect",
  },
  "paused-after": {
    point: "effect-done",
    strike: "pause",
    share: 0.02,
    word: "paused after the effect",
    label: "client paused after the effect",
  },
  "payload-changed": {
    point: "answered",
    strike: "change-payload",
    share: 0.04,
    word: "its id is reused for another payload",
    label: "id reused, payload changed",
  },
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof FAULTS;
// Object.keys loses the names; the table above is closed.
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

export function faultOf(name: FaultName): FaultKind {
  return FAULTS[name];
}
