// Original file: proto/onceward/v1/idempotency.proto

import type { RecordAddress as _onceward_v1_RecordAddress, RecordAddress__Output as _onceward_v1_RecordAddress__Output } from '../../onceward/v1/RecordAddress.ts';
import type { Result as _onceward_v1_Result, Result__Output as _onceward_v1_Result__Output } from '../../onceward/v1/Result.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/onceward/v1/idempotency.proto

export const _onceward_v1_CompleteRequest_Kind = {
  KIND_UNSPECIFIED: 'KIND_UNSPECIFIED',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  RETRYABLE: 'RETRYABLE',
} as const;

export type _onceward_v1_CompleteRequest_Kind =
  | 'KIND_UNSPECIFIED'
  | 0
  | 'SUCCEEDED'
  | 1
  | 'FAILED'
  | 2
  | 'RETRYABLE'
  | 3

export type _onceward_v1_CompleteRequest_Kind__Output = typeof _onceward_v1_CompleteRequest_Kind[keyof typeof _onceward_v1_CompleteRequest_Kind]

export interface CompleteRequest {
  'address'?: (_onceward_v1_RecordAddress | null);
  'fencingToken'?: (number | string | Long);
  'kind'?: (_onceward_v1_CompleteRequest_Kind);
  'result'?: (_onceward_v1_Result | null);
  'error'?: (string);
  'retryAfterMs'?: (number | string | Long);
  'retentionMs'?: (number | string | Long);
}

export interface CompleteRequest__Output {
  'address': (_onceward_v1_RecordAddress__Output | null);
  'fencingToken': (string);
  'kind': (_onceward_v1_CompleteRequest_Kind__Output);
  'result': (_onceward_v1_Result__Output | null);
  'error': (string);
  'retryAfterMs': (string);
  'retentionMs': (string);
}
