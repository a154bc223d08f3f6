import { describe, expect, it } from "vitest";
import { runLeaseChaos } from "./lease-chaos.ts";
import { type Acquisition, duplicatesIn, inversionsIn, overlapsIn } from "./lease-chaos-history.ts";

const SECONDS = 3;
/** So many leases are the least in that time on a machine with two busy cores: fewer would prove nothing. */
const ACQUISITIONS_MIN = 30;

const seed = Number(process.env.ONCEWARD_SEED ?? Math.floor(Math.random() * 2 ** 31));

describe("leases under faults of a minority of their nodes", () => {
  it.each([
    { nodes: 3, shifts: false, durable: false },
    { nodes: 3, shifts: false, durable: false, snapshots: true },
    { nodes: 3, shifts: true, durable: true },
    { nodes: 5, shifts: true, durable: false },
  ])("rise in tokens, exclude each other and say truly why not: %o", async (how) => {
    const { acquisitions, counts, faults } = await runLeaseChaos({ ...how, seed, seconds: SECONDS });
    const about = `ONCEWARD_SEED=${seed} ${JSON.stringify(counts)}`;
    expect(faults, about).toEqual([]);
    expect(acquisitions, about).toBeGreaterThan(ACQUISITIONS_MIN);
    expect(counts["fence stale"] ?? 0, about).toBeGreaterThan(0);
    expect((counts.kill ?? 0) + (counts.hold ?? 0) + (counts.drop ?? 0), about).toBeGreaterThan(0);
  });
});

describe("the check of a history", () => {
  const lease = (leaseId: string, token: bigint, [invokedAt, answeredAt, validUntil]: [number, number, number]) => {
    const acquisition: Acquisition = { resource: "r", leaseId, token, invokedAt, answeredAt, validUntil };
    return acquisition;
  };

  it("finds nothing wrong with leases one after the other, nor with one that is given back to its holder", () => {
    const history = [lease("a", 1n, [0, 1, 9]), lease("a", 1n, [2, 3, 9]), lease("b", 2n, [8, 10, 20])];
    expect([...duplicatesIn(history), ...inversionsIn(history), ...overlapsIn(history)]).toEqual([]);
  });

  it("finds one token given twice", () => {
    expect(duplicatesIn([lease("a", 1n, [0, 1, 2]), lease("b", 1n, [3, 4, 5])])).toHaveLength(1);
  });

  it("finds a lower token given later, and none between leases that were asked for at once", () => {
    expect(inversionsIn([lease("b", 1n, [3, 4, 5]), lease("a", 2n, [0, 1, 2])])).toHaveLength(1);
    expect(inversionsIn([lease("b", 1n, [0, 4, 5]), lease("a", 2n, [0, 1, 2])])).toEqual([]);
  });

  it("finds two that hold at once", () => {
    expect(overlapsIn([lease("a", 1n, [0, 1, 9]), lease("b", 2n, [2, 3, 5])])).toHaveLength(1);
  });
});
