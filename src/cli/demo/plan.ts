import type { Random } from "../../base/random.ts";
import { FAULT_NAMES, type FaultName, faultOf } from "./faults.ts";

/** One event of the sender's; `fault` strikes once, whichever of its deliveries gets there first. */
export interface PlannedEvent {
  readonly index: number;
  /** Which of the payloads it carries. */
  readonly payload: number;
  readonly fault: FaultName | undefined;
}

interface PlannedDelivery {
  readonly event: number;
  /** 0 = the first time; the sender sends every event several times. */
  readonly copy: number;
  /** Does not reach a client before every other delivery was answered once. */
  readonly late?: boolean;
}

/** What the sender sends, in order, and what goes wrong. The same seed gives the same plan. */
export interface Plan {
  readonly seed: number;
  readonly events: readonly PlannedEvent[];
  readonly deliveries: readonly PlannedDelivery[];
}

export interface PlanOptions {
  readonly seed: number;
  readonly events: number;
  readonly copies: number;
  /** How many payloads there are to choose from; above that many events they are used again. */
  readonly payloads: number;
}

/** Fewest events that meet every kind of fault. */
export const EVENTS_MIN = FAULT_NAMES.length;
/** Bounds one run's time and the length of the sender's queue. */
export const EVENTS_MAX = 1000;

/** How many of the second copies come right behind the first delivery and so meet it on its way; the sender hurries. */
const HURRIED_SHARE = 0.3;
/** How far behind the first delivery the other copies may come, as part of all events. */
const COPIES_SPREAD = 0.3;

export function makePlan(options: PlanOptions): Plan {
  const random = seeded(options.seed);
  const payloads = shuffled(range(options.payloads), random);
  const faults = faultsFor(options.events, random);
  const events = faults.map((fault, index) => ({ index, payload: payloads[index % payloads.length] ?? 0, fault }));
  return { seed: options.seed, events, deliveries: inOrder(options, random) };
}

function inOrder({ events, copies }: PlanOptions, random: Random): PlannedDelivery[] {
  const placed = range(events).flatMap((event) => {
    const hurried = random() < HURRIED_SHARE;
    return range(copies).map((copy) => {
      const behind = copy === 0 || (copy === 1 && hurried) ? 0 : random() * events * COPIES_SPREAD;
      return { event, copy, place: event + behind };
    });
  });
  return placed.sort((a, b) => a.place - b.place || a.copy - b.copy).map(({ event, copy }) => ({ event, copy }));
}

function faultsFor(events: number, random: Random): (FaultName | undefined)[] {
  const faults = FAULT_NAMES.flatMap((name) => {
    const count = Math.max(1, Math.round(faultOf(name).share * events));
    return Array.from({ length: count }, () => name);
  });
  const untouched = Array.from({ length: Math.max(0, events - faults.length) }, () => undefined);
  return shuffled([...faults, ...untouched].slice(0, events), random);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

export function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** mulberry32: 32 bits of state, enough to shuffle a few thousand events, and the same on every machine. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
