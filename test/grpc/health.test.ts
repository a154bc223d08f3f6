import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { protoPath } from "grpc-health-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LeasesOnRecords } from "../../src/store/leases-on-records.ts";
import type { IdempotencyStore, StoreStatus } from "../../src/store/port.ts";
import { openReference } from "../support/reference-store.ts";
import { type Served, serveStore } from "../support/sidecar.ts";

const SERVICES = ["", "onceward.v1.IdempotencyService", "onceward.v1.LeaseService", "onceward.v1.AdminService"];
/** Longest that something is waited for, ms. */
const BOUND = { timeout: 20_000 };

type Status = { readonly status: string };
interface HealthClient extends grpc.Client {
  check(request: { service: string }, done: grpc.requestCallback<Status>): grpc.ClientUnaryCall;
  watch(request: { service: string }): grpc.ClientReadableStream<Status>;
}

// A client made from the standard's own file, as any other would be; proto-loader's result is untyped.
const standard = grpc.loadPackageDefinition(loadSync(protoPath, { enums: String })) as unknown as {
  grpc: { health: { v1: { Health: new (address: string, credentials: grpc.ChannelCredentials) => HealthClient } } };
};

let served: Served;
let client: HealthClient;
let serving: boolean;
beforeEach(async () => {
  serving = true;
  served = await serveStore(withStatus((await openReference()).store));
  client = new standard.grpc.health.v1.Health(served.address, grpc.credentials.createInsecure());
});
afterEach(async () => {
  client.close();
  await served.stop();
});

/** The store, serving or not as the test says. */
function withStatus(store: IdempotencyStore): IdempotencyStore {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (name === "status") return (): StoreStatus => ({ ...target.status(), serving });
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

function check(service: string, by = client): Promise<string> {
  return new Promise((resolve) => {
    by.check({ service }, (error, answer) => resolve(error ? grpc.status[error.code] : (answer?.status ?? "")));
  });
}

/** All that a Watch has told so far. */
function watch(service: string) {
  const told: string[] = [];
  const stream = client.watch({ service });
  stream.on("data", ({ status }: Status) => told.push(status));
  stream.on("error", () => {});
  return { told, cancel: () => stream.cancel() };
}

describe("the health service", () => {
  it("says SERVING for the process and each of its services while the store serves", async () => {
    expect(await Promise.all(SERVICES.map((name) => check(name)))).toEqual(SERVICES.map(() => "SERVING"));
  });

  it("does not know a service that is not there", async () => {
    expect(await check("onceward.v1.NoService")).toBe("NOT_FOUND");
  });

  it("follows the store, there and back", async () => {
    serving = false;
    await vi.waitUntil(async () => (await check("")) === "NOT_SERVING", BOUND);
    expect(await Promise.all(SERVICES.map((name) => check(name)))).toEqual(SERVICES.map(() => "NOT_SERVING"));
    serving = true;
    await vi.waitUntil(async () => (await check("")) === "SERVING", BOUND);
  });

  it("lets the leases follow the store that they are kept in, and nothing else", async () => {
    const { store } = await openReference();
    const leases = new LeasesOnRecords(store);
    leases.status = () => ({ ...LeasesOnRecords.prototype.status.call(leases), serving: false });
    const other = await serveStore(store, { leases });
    const health = new standard.grpc.health.v1.Health(other.address, grpc.credentials.createInsecure());
    expect(await Promise.all(SERVICES.map((name) => check(name, health)))).toEqual([
      ...["SERVING", "SERVING", "NOT_SERVING", "SERVING"],
    ]);
    health.close();
    await other.stop();
  });

  it("tells a Watch the state at once, and every change of it", async () => {
    const [process, service] = [watch(""), watch("onceward.v1.IdempotencyService")];
    await vi.waitUntil(() => process.told.length === 1 && service.told.length === 1, BOUND);
    serving = false;
    await vi.waitUntil(() => process.told.length === 2 && service.told.length === 2, BOUND);
    serving = true;
    await vi.waitUntil(() => process.told.length === 3 && service.told.length === 3, BOUND);
    for (const { told, cancel } of [process, service]) {
      expect(told).toEqual(["SERVING", "NOT_SERVING", "SERVING"]);
      cancel();
    }
  });

  it("says NOT_SERVING as soon as the process stops, and holds up the stop no longer than the drain", async () => {
    const { told } = watch("");
    await vi.waitUntil(() => told.length === 1, BOUND);
    await served.stop(500);
    await vi.waitUntil(() => told.length === 2, BOUND);
    expect(told).toEqual(["SERVING", "NOT_SERVING"]);
  });
});
