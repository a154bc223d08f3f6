// Original file: proto/onceward/v1/admin.proto

import type { NamespaceStats as _onceward_v1_NamespaceStats, NamespaceStats__Output as _onceward_v1_NamespaceStats__Output } from '../../onceward/v1/NamespaceStats.ts';
import type { RetriedOperation as _onceward_v1_RetriedOperation, RetriedOperation__Output as _onceward_v1_RetriedOperation__Output } from '../../onceward/v1/RetriedOperation.ts';
import type { RetriedRecord as _onceward_v1_RetriedRecord, RetriedRecord__Output as _onceward_v1_RetriedRecord__Output } from '../../onceward/v1/RetriedRecord.ts';
import type { Long } from '@grpc/proto-loader';

export interface GetStatsResponse {
  'namespaces'?: (_onceward_v1_NamespaceStats)[];
  'uptimeMs'?: (number | string | Long);
  'inFlight'?: (number);
  'waiters'?: (number);
  'retriedOperations'?: (_onceward_v1_RetriedOperation)[];
  'retriedRecords'?: (_onceward_v1_RetriedRecord)[];
}

export interface GetStatsResponse__Output {
  'namespaces': (_onceward_v1_NamespaceStats__Output)[];
  'uptimeMs': (string);
  'inFlight': (number);
  'waiters': (number);
  'retriedOperations': (_onceward_v1_RetriedOperation__Output)[];
  'retriedRecords': (_onceward_v1_RetriedRecord__Output)[];
}
