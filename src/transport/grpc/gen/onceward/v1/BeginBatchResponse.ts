// Original file: proto/onceward/v1/idempotency.proto

import type { BeginBatchItem as _onceward_v1_BeginBatchItem, BeginBatchItem__Output as _onceward_v1_BeginBatchItem__Output } from '../../onceward/v1/BeginBatchItem.ts';

export interface BeginBatchResponse {
  'items'?: (_onceward_v1_BeginBatchItem)[];
}

export interface BeginBatchResponse__Output {
  'items': (_onceward_v1_BeginBatchItem__Output)[];
}
