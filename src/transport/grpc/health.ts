import { HealthImplementation } from "grpc-health-check";
import { every } from "../../base/wait.ts";
import type { IdempotencyStore, LeaseStore } from "../../store/port.ts";

/** How often the stores' condition is looked at, ms; looking reads only memory. */
const LOOK_MS = 100;

interface Stores {
  readonly store: IdempotencyStore;
  readonly leases: LeaseStore;
}

type Status = "SERVING" | "NOT_SERVING";

/** Services with a health of their own, and what it follows; the empty name is the process as a whole. */
const SERVICES: Readonly<Record<string, (stores: Stores) => { readonly serving: boolean }>> = {
  "": ({ store }) => store.status(),
  "onceward.v1.IdempotencyService": ({ store }) => store.status(),
  "onceward.v1.SequenceService": ({ store }) => store.status(),
  "onceward.v1.LeaseService": ({ leases }) => leases.status(),
  "onceward.v1.AdminService": ({ store }) => store.status(),
};

export interface Health {
  readonly implementation: HealthImplementation;
  /** NOT_SERVING from now on, whatever the stores say. */
  stop(): void;
}

/** `grpc.health.v1.Health`, following the stores. */
export function openHealth(stores: Stores): Health {
  const statuses = () => {
    const entries = Object.entries(SERVICES).map(([name, look]): [string, Status] => {
      return [name, look(stores).serving ? "SERVING" : "NOT_SERVING"];
    });
    return new Map(entries);
  };
  let last: ReadonlyMap<string, Status> = statuses();
  const implementation = new HealthImplementation(Object.fromEntries(last));
  const set = (next: ReadonlyMap<string, Status>) => {
    for (const [name, status] of next) if (status !== last.get(name)) implementation.setStatus(name, status);
    last = next;
  };
  const stopLooking = every(LOOK_MS, () => set(statuses()));
  return {
    implementation,
    stop() {
      stopLooking();
      set(new Map([...last.keys()].map((name): [string, Status] => [name, "NOT_SERVING"])));
    },
  };
}
