import { describe, expect, it } from "vitest";
import { type Delivery, Queue } from "../../src/cli/demo/queue.ts";

function delivery(event: number): Delivery {
  return { event, body: "{}", changed: false };
}

describe("the sender's book of deliveries", () => {
  it("hands out in order what may go out now, and is over when all is settled", () => {
    const queue = new Queue();
    const [first, second] = [delivery(1), delivery(2)];
    queue.add(first);
    queue.add(second);
    expect(queue.take(0)).toBe(first);
    queue.again(first, 100);
    expect(queue.take(50)).toBe(second);
    expect(queue.take(50)).toBeUndefined();
    expect(queue.take(100)).toBe(first);
    expect(queue.triesOf(first)).toBe(2);
    queue.settle(first);
    expect(queue.over).toBe(false);
    queue.settle(second);
    expect(queue).toMatchObject({ over: true, settled: 2, total: 2 });
  });

  it("knows how many deliveries of an event are open", () => {
    const queue = new Queue();
    const one = delivery(1);
    queue.add(one);
    queue.add(delivery(1));
    expect(queue.openOf(1)).toBe(2);
    queue.settle(one);
    expect(queue.openOf(1)).toBe(1);
  });

  it("is not over before a delivery that it expects has gone out and is settled", () => {
    const queue = new Queue();
    const late = delivery(1);
    queue.expect(late);
    expect(queue.take(0)).toBeUndefined();
    expect(queue).toMatchObject({ over: false, total: 1 });
    queue.again(late, 0);
    expect(queue.take(0)).toBe(late);
    queue.settle(late);
    expect(queue.over).toBe(true);
  });

  it("leaves parked deliveries to the operator once nothing else is left", () => {
    const queue = new Queue();
    const [parked, other] = [delivery(1), delivery(2)];
    queue.add(parked);
    queue.add(other);
    queue.take(0);
    queue.take(0);
    queue.park(parked);
    expect(queue.takeParked()).toEqual([]);
    queue.settle(other);
    expect(queue.takeParked()).toEqual([parked]);
    expect(queue.takeParked()).toEqual([]);
    expect(queue.over).toBe(false);
  });
});
