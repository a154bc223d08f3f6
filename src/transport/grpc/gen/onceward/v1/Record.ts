// Original file: proto/onceward/v1/types.proto

import type { RecordAddress as _onceward_v1_RecordAddress, RecordAddress__Output as _onceward_v1_RecordAddress__Output } from '../../onceward/v1/RecordAddress.ts';
import type { Result as _onceward_v1_Result, Result__Output as _onceward_v1_Result__Output } from '../../onceward/v1/Result.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Checkpoint as _onceward_v1_Checkpoint, Checkpoint__Output as _onceward_v1_Checkpoint__Output } from '../../onceward/v1/Checkpoint.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/onceward/v1/types.proto

export const _onceward_v1_Record_State = {
  STATE_UNSPECIFIED: 'STATE_UNSPECIFIED',
  IN_PROGRESS: 'IN_PROGRESS',
  UNKNOWN: 'UNKNOWN',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  RETRYABLE: 'RETRYABLE',
  DEAD_LETTERED: 'DEAD_LETTERED',
} as const;

export type _onceward_v1_Record_State =
  | 'STATE_UNSPECIFIED'
  | 0
  | 'IN_PROGRESS'
  | 1
  | 'UNKNOWN'
  | 2
  | 'SUCCEEDED'
  | 3
  | 'FAILED'
  | 4
  | 'RETRYABLE'
  | 5
  | 'DEAD_LETTERED'
  | 6

export type _onceward_v1_Record_State__Output = typeof _onceward_v1_Record_State[keyof typeof _onceward_v1_Record_State]

export interface Record {
  'address'?: (_onceward_v1_RecordAddress | null);
  'state'?: (_onceward_v1_Record_State);
  'attempts'?: (number);
  'result'?: (_onceward_v1_Result | null);
  'createdAt'?: (_google_protobuf_Timestamp | null);
  'updatedAt'?: (_google_protobuf_Timestamp | null);
  'finishedAt'?: (_google_protobuf_Timestamp | null);
  'expiresAt'?: (_google_protobuf_Timestamp | null);
  'owner'?: (string);
  'checkpoint'?: (_onceward_v1_Checkpoint | null);
  'lastError'?: (string);
  'duplicates'?: (number | string | Long);
  'traceparent'?: (string);
  'resultOmitted'?: (boolean);
  'leaseUntil'?: (_google_protobuf_Timestamp | null);
  'fencingToken'?: (number | string | Long);
}

export interface Record__Output {
  'address': (_onceward_v1_RecordAddress__Output | null);
  'state': (_onceward_v1_Record_State__Output);
  'attempts': (number);
  'result': (_onceward_v1_Result__Output | null);
  'createdAt': (_google_protobuf_Timestamp__Output | null);
  'updatedAt': (_google_protobuf_Timestamp__Output | null);
  'finishedAt': (_google_protobuf_Timestamp__Output | null);
  'expiresAt': (_google_protobuf_Timestamp__Output | null);
  'owner': (string);
  'checkpoint': (_onceward_v1_Checkpoint__Output | null);
  'lastError': (string);
  'duplicates': (string);
  'traceparent': (string);
  'resultOmitted': (boolean);
  'leaseUntil': (_google_protobuf_Timestamp__Output | null);
  'fencingToken': (string);
}
