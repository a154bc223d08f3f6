import type * as grpc from "@grpc/grpc-js";
import { invariant } from "../../base/assert.ts";
import { requireLater } from "../../base/require-later.ts";
import { every } from "../../base/wait.ts";
import type { IdempotencyStore, LeaseStore } from "../../store/port.ts";
import { deferred } from "./deferred.ts";

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

/** What the package serves, by name, and how it answers it. */
const METHODS = { Check: false, Watch: true, List: false } as const;

export interface Health {
  /** NOT_SERVING from now on, whatever the stores say. */
  stop(): void;
}

/**
 * Serves `grpc.health.v1.Health`, following the stores. The package reads its messages as soon as it is loaded, which
 * takes a while and most sidecars are never asked for: so it is loaded at the first call.
 */
export function serveHealth(server: grpc.Server, stores: Stores): Health {
  let loaded: Loaded | undefined;
  let stopped = false;
  let last: ReadonlyMap<string, Status> = new Map();
  const statuses = () => {
    const entries = Object.entries(SERVICES).map(([name, look]): [string, Status] => {
      return [name, look(stores).serving && !stopped ? "SERVING" : "NOT_SERVING"];
    });
    return new Map(entries);
  };
  const follow = () => {
    const next = statuses();
    for (const [name, status] of next) if (status !== last.get(name)) loaded?.implementation.setStatus(name, status);
    last = next;
  };
  const load = () => {
    if (loaded !== undefined) return loaded;
    last = statuses();
    loaded = loadHealth(last);
    return loaded;
  };
  server.addService(...definitionOf(load));
  const stopLooking = every(LOOK_MS, follow);
  return {
    stop() {
      stopLooking();
      stopped = true;
      follow();
    },
  };
}

interface Loaded {
  readonly implementation: import("grpc-health-check").HealthImplementation;
  readonly methods: Readonly<Record<string, Method>>;
}

interface Method {
  readonly definition: grpc.MethodDefinition<object, object>;
  handle(...args: readonly unknown[]): void;
}

function loadHealth(statuses: ReadonlyMap<string, Status>): Loaded {
  const { HealthImplementation } = requireLater("grpc-health-check") as typeof import("grpc-health-check");
  const implementation = new HealthImplementation(Object.fromEntries(statuses));
  const methods: Record<string, Method> = {};
  implementation.addToServer({
    addService(service: grpc.ServiceDefinition, handlers: grpc.UntypedServiceImplementation) {
      for (const [name, definition] of Object.entries(service)) {
        const handler = handlers[name] ?? handlers[definition.originalName ?? ""];
        methods[name] = { definition, handle: handler as Method["handle"] };
      }
    },
  } as unknown as grpc.Server); // it only adds a service
  return { implementation, methods };
}

function definitionOf(load: () => Loaded): [grpc.ServiceDefinition, grpc.UntypedServiceImplementation] {
  const service: Record<string, grpc.MethodDefinition<object, object>> = {};
  const handlers: Record<string, grpc.UntypedHandleCall> = {};
  for (const [name, responseStream] of Object.entries(METHODS)) {
    const method = () => {
      const found = load().methods[name];
      invariant(found !== undefined, "the health package serves this method");
      return found;
    };
    const about = { path: `/grpc.health.v1.Health/${name}`, requestStream: false, responseStream };
    service[name] = deferred(about, () => method().definition);
    handlers[name] = (...args: readonly unknown[]) => method().handle(...args);
  }
  return [service, handlers];
}
