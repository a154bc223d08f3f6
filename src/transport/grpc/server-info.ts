import * as limits from "../../base/limits.ts";
import { SLOT_COUNT } from "../../base/units.ts";
import type { LeaseNodeStatus, LeaseStoreStatus, ShardStatus } from "../../store/port.ts";
import type { TransportDeps } from "./context.ts";
import { timestamp } from "./convert.ts";
import type { Defaults } from "./gen/onceward/v1/Defaults.ts";
import type { GetServerInfoResponse } from "./gen/onceward/v1/GetServerInfoResponse.ts";
import type { LeaseInfo } from "./gen/onceward/v1/LeaseInfo.ts";
import type { LeaseNode } from "./gen/onceward/v1/LeaseNode.ts";
import type { Limits } from "./gen/onceward/v1/Limits.ts";
import type { Shard } from "./gen/onceward/v1/Shard.ts";

export async function handleGetServerInfo(deps: TransportDeps): Promise<GetServerInfoResponse> {
  const status = deps.store.status();
  const leases = deps.leases.status();
  return {
    version: deps.version,
    storeKind: status.kind,
    topology: { shards: status.shards.map(shardMessage), slots: SLOT_COUNT },
    limits: limitsMessage(deps),
    defaults: defaultsMessage(deps),
    durability: status.durability,
    warnings: [...status.warnings, ...leases.warnings].map((warning) => ({
      ...warning,
      since: timestamp(warning.since),
    })),
    gapWindows: status.gaps.map(({ shard, from, to }) => ({
      shard,
      beganAt: from === 0 ? null : timestamp(from),
      noticedAt: timestamp(to),
    })),
    leases: leaseInfo(leases),
  };
}

const SHARD_STATE = { serving: "SERVING", unavailable: "UNAVAILABLE", refused: "REFUSED" } as const;

function shardMessage({ name, address, state }: ShardStatus): Shard {
  return { name, address, state: SHARD_STATE[state] };
}

const NODE_STATE = { voting: "VOTING", unavailable: "UNAVAILABLE", joining: "JOINING" } as const satisfies Record<
  LeaseNodeStatus["state"],
  LeaseNode["state"]
>;

function leaseInfo({ kind, serving, reason, fence, nodes }: LeaseStoreStatus): LeaseInfo {
  return { kind, serving, reason, fence, nodes: nodes.map((node) => ({ ...node, state: NODE_STATE[node.state] })) };
}

function limitsMessage({ settings, admission }: TransportDeps): Limits {
  return {
    leaseMinMs: limits.LEASE_MS_MIN,
    leaseMaxMs: limits.LEASE_MS_MAX,
    leaseTotalMaxMs: settings.lease_total,
    waitMaxMs: settings.wait_max,
    retentionMinMs: limits.RETENTION_MS_MIN,
    retentionMaxMs: limits.RETENTION_MS_MAX,
    tombstoneRetentionMaxMs: limits.TOMBSTONE_MS_MAX,
    namespaceMaxBytes: limits.NAMESPACE_BYTES_MAX,
    operationMaxBytes: limits.OPERATION_BYTES_MAX,
    streamMaxBytes: limits.STREAM_BYTES_MAX,
    keyMaxBytes: limits.KEY_BYTES_MAX,
    attemptIdMaxBytes: limits.ATTEMPT_ID_BYTES_MAX,
    fingerprintMaxBytes: limits.DIGEST_BYTES_MAX,
    ownerMaxBytes: limits.OWNER_BYTES_MAX,
    resultInlineMaxBytes: settings.result_inline,
    contentTypeMaxBytes: limits.CONTENT_TYPE_BYTES_MAX,
    referenceMaxBytes: limits.REFERENCE_BYTES_MAX,
    metadataMaxBytes: limits.METADATA_BYTES_MAX,
    errorMaxBytes: limits.ERROR_BYTES_MAX,
    reasonMaxBytes: limits.ERROR_BYTES_MAX,
    checkpointNameMaxBytes: limits.CHECKPOINT_NAME_BYTES_MAX,
    checkpointMaxBytes: settings.checkpoint_inline,
    batchItemsMax: limits.BATCH_ITEMS_MAX,
    pageRecordsMax: limits.PAGE_SIZE_MAX,
    messageMaxBytes: limits.MESSAGE_BYTES_MAX,
    inFlightMax: admission.max,
    inFlightReserved: admission.reserved,
    waitersMax: settings.waiters,
    waitersPerRecordMax: settings.waiters_per_record,
    fingerprintJsonMaxBytes: limits.FINGERPRINT_JSON_BYTES_MAX,
    leaseTtlMinMs: limits.LEASE_MS_MIN,
    leaseTtlMaxMs: settings.lease_ttl_max,
    resourceMaxBytes: limits.RESOURCE_BYTES_MAX,
  };
}

function defaultsMessage({ settings }: TransportDeps): Defaults {
  return {
    leaseMs: settings.lease,
    waitMs: 0,
    retentionMs: settings.retention,
    tombstoneRetentionMs: settings.tombstone_retention,
    unfinishedRetentionMs: settings.unfinished_retention,
    maxAttempts: 0,
    backoffBaseMs: settings.backoff_base,
    backoffCapMs: settings.backoff_cap,
    leaseTtlMs: settings.lease_ttl,
  };
}
