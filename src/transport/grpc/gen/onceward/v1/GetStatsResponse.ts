// Original file: proto/onceward/v1/admin.proto

import type { NamespaceStats as _onceward_v1_NamespaceStats, NamespaceStats__Output as _onceward_v1_NamespaceStats__Output } from '../../onceward/v1/NamespaceStats.ts';
import type { Long } from '@grpc/proto-loader';

export interface GetStatsResponse {
  'namespaces'?: (_onceward_v1_NamespaceStats)[];
  'uptimeMs'?: (number | string | Long);
  'inFlight'?: (number);
  'waiters'?: (number);
}

export interface GetStatsResponse__Output {
  'namespaces': (_onceward_v1_NamespaceStats__Output)[];
  'uptimeMs': (string);
  'inFlight': (number);
  'waiters': (number);
}
