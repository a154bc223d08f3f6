// Original file: proto/onceward/v1/idempotency.proto

import type { CompleteBatchItem as _onceward_v1_CompleteBatchItem, CompleteBatchItem__Output as _onceward_v1_CompleteBatchItem__Output } from '../../onceward/v1/CompleteBatchItem.ts';

export interface CompleteBatchResponse {
  'items'?: (_onceward_v1_CompleteBatchItem)[];
}

export interface CompleteBatchResponse__Output {
  'items': (_onceward_v1_CompleteBatchItem__Output)[];
}
