// Original file: proto/onceward/v1/idempotency.proto

import type { RecordAddress as _onceward_v1_RecordAddress, RecordAddress__Output as _onceward_v1_RecordAddress__Output } from '../../onceward/v1/RecordAddress.ts';
import type { Long } from '@grpc/proto-loader';

export interface RenewRequest {
  'address'?: (_onceward_v1_RecordAddress | null);
  'fencingToken'?: (number | string | Long);
  'leaseMs'?: (number | string | Long);
}

export interface RenewRequest__Output {
  'address': (_onceward_v1_RecordAddress__Output | null);
  'fencingToken': (string);
  'leaseMs': (string);
}
