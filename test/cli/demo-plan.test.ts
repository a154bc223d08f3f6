import { describe, expect, it } from "vitest";
import { FAULT_NAMES } from "../../src/cli/demo/faults.ts";
import { changed, digestOf, loadPayloads, rewritten } from "../../src/cli/demo/payloads.ts";
import { EVENTS_MIN, makePlan, type Plan } from "../../src/cli/demo/plan.ts";

const OPTIONS = { seed: 7, events: 200, copies: 3, payloads: 329 };

function faultsOf({ events }: Plan) {
  return new Set(events.flatMap(({ fault }) => (fault === undefined ? [] : [fault])));
}

describe("the demo's plan", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(makePlan(OPTIONS)).toEqual(makePlan(OPTIONS));
    expect(makePlan({ ...OPTIONS, seed: 8 }).events).not.toEqual(makePlan(OPTIONS).events);
  });

  it.each([EVENTS_MIN, 200])("has every kind of fault among %i events", (events) => {
    expect(faultsOf(makePlan({ ...OPTIONS, events }))).toEqual(new Set(FAULT_NAMES));
  });

  it("sends every event as often as it was asked to", () => {
    const times = Map.groupBy(makePlan(OPTIONS).deliveries, ({ event }) => event);
    expect(times.size).toBe(200);
    for (const deliveries of times.values()) expect(deliveries.map(({ copy }) => copy).sort()).toEqual([0, 1, 2]);
  });

  it("sends some events a second time before the first can be answered, and some much later", () => {
    const { deliveries } = makePlan(OPTIONS);
    const places = (copy: number) =>
      deliveries.flatMap((one, place) => (one.copy === copy ? [[one.event, place]] : []));
    const firsts = new Map(places(0) as [number, number][]);
    const distances = places(1).map(([event = 0, place = 0]) => place - (firsts.get(event) ?? 0));
    expect(distances.filter((distance) => distance === 1).length).toBeGreaterThan(40);
    expect(distances.filter((distance) => distance > 20).length).toBeGreaterThan(40);
  });

  it("uses no payload twice while there are others", () => {
    expect(new Set(makePlan(OPTIONS).events.map(({ payload }) => payload)).size).toBe(200);
    expect(makePlan({ ...OPTIONS, events: 400 }).events.every(({ payload }) => payload < 329)).toBe(true);
  });
});

describe("the demo's payloads", () => {
  const payloads = loadPayloads();

  it("are the real ones, by name and by whose they are", () => {
    expect(payloads.length).toBeGreaterThan(300);
    for (const { name, about } of payloads) expect(`${name} ${about}`).toMatch(/^[a-z_\d]+(\.[\w-]+)? \S+$/);
    expect(payloads.map(({ name }) => name)).toContain("issues.opened");
  });

  it("keep their digest when another program writes the members in another order", () => {
    for (const { body } of payloads) {
      expect(rewritten(body)).not.toBe(body);
      expect(digestOf(rewritten(body))).toBe(digestOf(body));
    }
  });

  it("have another digest when their content is changed", () => {
    for (const { body } of payloads) expect(digestOf(changed(body))).not.toBe(digestOf(body));
  });
});
