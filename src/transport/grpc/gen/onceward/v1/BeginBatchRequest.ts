// Original file: proto/onceward/v1/idempotency.proto

import type { BeginRequest as _onceward_v1_BeginRequest, BeginRequest__Output as _onceward_v1_BeginRequest__Output } from '../../onceward/v1/BeginRequest.ts';

export interface BeginBatchRequest {
  'items'?: (_onceward_v1_BeginRequest)[];
}

export interface BeginBatchRequest__Output {
  'items': (_onceward_v1_BeginRequest__Output)[];
}
