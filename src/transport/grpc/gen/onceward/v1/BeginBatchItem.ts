// Original file: proto/onceward/v1/idempotency.proto

import type { BeginResponse as _onceward_v1_BeginResponse, BeginResponse__Output as _onceward_v1_BeginResponse__Output } from '../../onceward/v1/BeginResponse.ts';
import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from '../../google/rpc/Status.ts';

export interface BeginBatchItem {
  'response'?: (_onceward_v1_BeginResponse | null);
  'error'?: (_google_rpc_Status | null);
  'answer'?: "response"|"error";
}

export interface BeginBatchItem__Output {
  'response'?: (_onceward_v1_BeginResponse__Output | null);
  'error'?: (_google_rpc_Status__Output | null);
  'answer'?: "response"|"error";
}
