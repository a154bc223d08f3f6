// Original file: proto/onceward/v1/idempotency.proto

import type { CompleteResponse as _onceward_v1_CompleteResponse, CompleteResponse__Output as _onceward_v1_CompleteResponse__Output } from '../../onceward/v1/CompleteResponse.ts';
import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from '../../google/rpc/Status.ts';

export interface CompleteBatchItem {
  'response'?: (_onceward_v1_CompleteResponse | null);
  'error'?: (_google_rpc_Status | null);
  'answer'?: "response"|"error";
}

export interface CompleteBatchItem__Output {
  'response'?: (_onceward_v1_CompleteResponse__Output | null);
  'error'?: (_google_rpc_Status__Output | null);
  'answer'?: "response"|"error";
}
