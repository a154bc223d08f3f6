// Original file: proto/onceward/v1/idempotency.proto

import type { RecordAddress as _onceward_v1_RecordAddress, RecordAddress__Output as _onceward_v1_RecordAddress__Output } from '../../onceward/v1/RecordAddress.ts';
import type { Long } from '@grpc/proto-loader';

export interface ReleaseRequest {
  'address'?: (_onceward_v1_RecordAddress | null);
  'fencingToken'?: (number | string | Long);
}

export interface ReleaseRequest__Output {
  'address': (_onceward_v1_RecordAddress__Output | null);
  'fencingToken': (string);
}
