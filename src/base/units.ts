/**
 * Units are types: a plain number never passes for one of these. Each is built by one constructor, called only at the
 * edges (transport, config, codec, clock), and checked there.
 */
import { invariant } from "./assert.ts";

declare const unit: unique symbol;
type Unit<Base, Name extends string> = Base & { readonly [unit]: Name };

/** An instant by some clock, in whole milliseconds since 1970-01-01 UTC. */
export type EpochMs = Unit<number, "EpochMs">;
/** An instant by some clock, in whole microseconds since 1970-01-01 UTC; exact as a double until the year 2255. */
export type EpochUs = Unit<number, "EpochUs">;
/** A length of time in whole milliseconds, never negative. */
export type DurationMs = Unit<number, "DurationMs">;
/** A number that only rises for one address; whoever holds the highest holds the right to write. 0 = no token. */
export type FencingToken = Unit<bigint, "FencingToken">;
/** One of {@link SLOT_COUNT} parts of the key space; everything one transition touches lives in one slot. */
export type Slot = Unit<number, "Slot">;

/** How many slots there are. Fixed for ever: it is part of every key. */
export const SLOT_COUNT = 4096;

export function epochMs(value: number): EpochMs {
  invariant(Number.isSafeInteger(value) && value >= 0, "an instant is a whole number of milliseconds");
  return value as EpochMs;
}

export function epochUs(value: number): EpochUs {
  invariant(Number.isSafeInteger(value) && value >= 0, "an instant is a whole number of microseconds");
  return value as EpochUs;
}

export function durationMs(value: number): DurationMs {
  invariant(Number.isSafeInteger(value) && value >= 0, "a duration is a whole number of milliseconds");
  return value as DurationMs;
}

export function fencingToken(value: bigint): FencingToken {
  invariant(value >= 0n, "a token is not negative");
  return value as FencingToken;
}

export function slot(value: number): Slot {
  invariant(Number.isInteger(value) && value >= 0 && value < SLOT_COUNT, "a slot is below the slot count");
  return value as Slot;
}

export function after(instant: EpochMs, length: DurationMs): EpochMs {
  return (instant + length) as EpochMs;
}

/** What is left from `now` until `end`; 0 once it is over. */
export function timeLeft(end: EpochMs, now: EpochMs): DurationMs {
  return Math.max(0, end - now) as DurationMs;
}

export function later(a: EpochMs, b: EpochMs): EpochMs {
  return a >= b ? a : b;
}

export function earlier(a: EpochMs, b: EpochMs): EpochMs {
  return a <= b ? a : b;
}

export function longer(a: DurationMs, b: DurationMs): DurationMs {
  return a >= b ? a : b;
}

export function msOf(instant: EpochUs): EpochMs {
  return Math.floor(instant / 1000) as EpochMs;
}
