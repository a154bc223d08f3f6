// Original file: proto/onceward/v1/admin.proto

import type { RecordAddress as _onceward_v1_RecordAddress, RecordAddress__Output as _onceward_v1_RecordAddress__Output } from '../../onceward/v1/RecordAddress.ts';
import type { Result as _onceward_v1_Result, Result__Output as _onceward_v1_Result__Output } from '../../onceward/v1/Result.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/onceward/v1/admin.proto

export const _onceward_v1_ResolveRequest_Resolution = {
  RESOLUTION_UNSPECIFIED: 'RESOLUTION_UNSPECIFIED',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  RETRY: 'RETRY',
} as const;

export type _onceward_v1_ResolveRequest_Resolution =
  | 'RESOLUTION_UNSPECIFIED'
  | 0
  | 'SUCCEEDED'
  | 1
  | 'FAILED'
  | 2
  | 'RETRY'
  | 3

export type _onceward_v1_ResolveRequest_Resolution__Output = typeof _onceward_v1_ResolveRequest_Resolution[keyof typeof _onceward_v1_ResolveRequest_Resolution]

export interface ResolveRequest {
  'address'?: (_onceward_v1_RecordAddress | null);
  'resolution'?: (_onceward_v1_ResolveRequest_Resolution);
  'result'?: (_onceward_v1_Result | null);
  'reason'?: (string);
  'actor'?: (string);
  'fencingToken'?: (number | string | Long);
}

export interface ResolveRequest__Output {
  'address': (_onceward_v1_RecordAddress__Output | null);
  'resolution': (_onceward_v1_ResolveRequest_Resolution__Output);
  'result': (_onceward_v1_Result__Output | null);
  'reason': (string);
  'actor': (string);
  'fencingToken': (string);
}
