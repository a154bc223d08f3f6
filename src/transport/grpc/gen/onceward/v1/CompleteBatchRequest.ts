// Original file: proto/onceward/v1/idempotency.proto

import type { CompleteRequest as _onceward_v1_CompleteRequest, CompleteRequest__Output as _onceward_v1_CompleteRequest__Output } from '../../onceward/v1/CompleteRequest.ts';

export interface CompleteBatchRequest {
  'items'?: (_onceward_v1_CompleteRequest)[];
}

export interface CompleteBatchRequest__Output {
  'items': (_onceward_v1_CompleteRequest__Output)[];
}
