import { randomUUID } from "node:crypto";
import { type LifeEvent, lifeEvents } from "./lives.ts";
import type { Place } from "./messages.ts";
import { type Payload, type SentEvent, sentEvent } from "./payloads.ts";
import { type Plan, seeded, shuffled } from "./plan.ts";

export interface PlacedEvent extends SentEvent {
  readonly place: Place;
}

export interface OrderPlan extends Plan {
  readonly events: readonly (Plan["events"][number] & LifeEvent)[];
}

/** Part of the events that are delivered twice. */
const TWICE_SHARE = 0.4;

/** The lives' events in any order but theirs, some twice, the late ones at the end. */
export function makeOrderPlan({ seed, payloads }: { seed: number; payloads: readonly Payload[] }): OrderPlan {
  const random = seeded(seed);
  const events = lifeEvents(payloads).map((event, index) => {
    const { number, fault } = event.life.killed;
    return { ...event, index, fault: event.number === number ? fault : undefined };
  });
  const deliveries = events.flatMap(({ index, life, number }) => {
    const late = life.late.includes(number);
    const first = { event: index, copy: 0, late };
    return random() < TWICE_SHARE ? [first, { event: index, copy: 1, late }] : [first];
  });
  return { seed, events, deliveries: shuffled(deliveries, random) };
}

/** Streams are fresh like ids: in a stream of an earlier demo these numbers would be past. */
export function placedEvents({ events }: OrderPlan, payloads: readonly Payload[]): PlacedEvent[] {
  const run = randomUUID().slice(0, 8);
  return events.map(({ index, payload, life, number }) => {
    const carried = payloads[payload];
    if (carried === undefined) throw new Error(`no payload ${payload}`);
    return { ...sentEvent(index, carried), place: { stream: `${life.slug}-${run}`, title: life.title, number } };
  });
}
