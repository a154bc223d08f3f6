import type { Random } from "../base/random.ts";
import { type Policies, policiesOf, type Settings } from "../config/settings.ts";
import type { RecordAddress } from "../domain/address.ts";
import type { Retention } from "../domain/record.ts";
import type { IdempotencyStore, LeaseStore } from "../store/port.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { LeaseLine } from "./lease-line.ts";
import type { WaitingRoom } from "./waiting.ts";

/** What every operation leans on. */
export interface ServiceDeps extends Telemetry {
  readonly store: IdempotencyStore;
  readonly leases: LeaseStore;
  readonly leaseLine: LeaseLine;
  readonly settings: Settings;
  readonly random: Random;
  readonly waiting: WaitingRoom;
  readonly logger: Logger;
}

export function policies(deps: ServiceDeps, address: RecordAddress): Policies {
  return policiesOf(deps.settings, address.namespace);
}

export function retentionOf(policy: Policies): Retention {
  return { result: policy.retention, tombstone: policy.tombstone_retention, unfinished: policy.unfinished_retention };
}
