import { HealthImplementation } from "grpc-health-check";
import { every } from "../../base/wait.ts";
import type { IdempotencyStore } from "../../store/port.ts";

/** How often the store's condition is looked at, ms; looking reads only memory. */
const LOOK_MS = 100;

/** Services with a health of their own; the empty name is the process as a whole. */
const SERVICES = ["", "onceward.v1.IdempotencyService", "onceward.v1.AdminService"];

export interface Health {
  readonly implementation: HealthImplementation;
  /** NOT_SERVING from now on, whatever the store says. */
  stop(): void;
}

/** `grpc.health.v1.Health`, following the store. */
export function openHealth(store: IdempotencyStore): Health {
  const implementation = new HealthImplementation(Object.fromEntries(SERVICES.map((name) => [name, statusOf(store)])));
  let last = statusOf(store);
  const set = (status: typeof last) => {
    if (status === last) return;
    last = status;
    for (const name of SERVICES) implementation.setStatus(name, status);
  };
  const stopLooking = every(LOOK_MS, () => set(statusOf(store)));
  return {
    implementation,
    stop() {
      stopLooking();
      set("NOT_SERVING");
    },
  };
}

function statusOf(store: IdempotencyStore): "SERVING" | "NOT_SERVING" {
  return store.status().serving ? "SERVING" : "NOT_SERVING";
}
