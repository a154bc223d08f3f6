import { systemClock } from "../base/clock.ts";
import { systemRandom } from "../base/random.ts";
import { durationMs } from "../base/units.ts";
import { readVersion } from "../base/version.ts";
import type { Settings } from "../config/settings.ts";
import { Admission } from "../service/admission.ts";
import { CensusTaker } from "../service/census.ts";
import { LeaseLine } from "../service/lease-line.ts";
import { WaitingRoom } from "../service/waiting.ts";
import { LeasesOnRecords } from "../store/leases-on-records.ts";
import type { IdempotencyStore, LeaseStore } from "../store/port.ts";
import type { Logger } from "../telemetry/logger.ts";
import { openTelemetry, type Telemetry } from "../telemetry/telemetry.ts";
import type { TransportDeps } from "../transport/grpc/context.ts";

/** How long a start waits for Redis before it serves without, ms: long enough to notice another shard table. */
const FIRST_LOOK_MS = 1000;

/** Opens the store that the settings name. Only that store's code and driver are loaded. */
export async function openStore(settings: Settings, logger: Logger): Promise<IdempotencyStore> {
  const { store } = settings;
  if (store.kind === "embedded") {
    const { openEmbeddedStore } = await import("../store/embedded/open.ts");
    return openEmbeddedStore({ directory: store.directory, clock: systemClock, logger });
  }
  const { openRedisStore } = await import("../store/redis/open.ts");
  return openRedisStore({
    shards: store.shards,
    commandTimeout: settings.redis_command_timeout,
    connectTimeout: settings.redis_connect_timeout,
    firstVerifyTimeout: durationMs(FIRST_LOOK_MS),
    strict: settings.strict,
    logger,
    clock: systemClock,
    random: systemRandom,
  });
}

/** Opens the lease nodes that the settings name; where they name none, the store of the records is the only node. */
export async function openLeases(
  settings: Settings,
  { store, logger }: { readonly store: IdempotencyStore; readonly logger: Logger },
): Promise<LeaseStore> {
  if (settings.lease_nodes.length === 0) return new LeasesOnRecords(store);
  const { openQuorumLeases } = await import("../store/redlock/open.ts");
  return openQuorumLeases({
    nodes: settings.lease_nodes,
    nodeTimeout: settings.lease_node_timeout,
    connectTimeout: settings.redis_connect_timeout,
    ttlMax: settings.lease_ttl_max,
    clockFloor: settings.lease_clock_floor,
    firstVerifyTimeout: durationMs(FIRST_LOOK_MS),
    logger,
    clock: systemClock,
    random: systemRandom,
  });
}

interface Parts {
  readonly store: IdempotencyStore;
  readonly leases: LeaseStore;
  readonly logger: Logger;
  readonly stopping: AbortSignal;
  /** Counts and times where nothing else is said, and traces nothing. */
  readonly telemetry?: Telemetry;
}

/** Everything between the store and the wire. The only place that constructs. */
export function compose(settings: Settings, parts: Parts): TransportDeps {
  const { telemetry = openTelemetry(), ...others } = parts;
  const { store, leases, logger } = others;
  const { tally, waits } = telemetry;
  const bounds = { total: settings.waiters, perRecord: settings.waiters_per_record };
  const waiting = new WaitingRoom({ store, bounds, waits });
  return {
    ...others,
    ...telemetry,
    settings,
    random: systemRandom,
    clock: systemClock,
    waiting,
    leaseLine: new LeaseLine({ leases, places: waiting, waits, random: systemRandom }),
    admission: new Admission(settings.in_flight),
    census: new CensusTaker({
      store,
      clock: systemClock,
      logger,
      namespaces: () => [...new Set([...settings.namespaces.keys(), ...tally.namespaces()])],
    }),
    version: readVersion(),
  };
}
