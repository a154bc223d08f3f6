// Original file: proto/onceward/v1/idempotency.proto

import type { RecordAddress as _onceward_v1_RecordAddress, RecordAddress__Output as _onceward_v1_RecordAddress__Output } from '../../onceward/v1/RecordAddress.ts';
import type { Fingerprint as _onceward_v1_Fingerprint, Fingerprint__Output as _onceward_v1_Fingerprint__Output } from '../../onceward/v1/Fingerprint.ts';
import type { Ordering as _onceward_v1_Ordering, Ordering__Output as _onceward_v1_Ordering__Output } from '../../onceward/v1/Ordering.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/onceward/v1/idempotency.proto

export const _onceward_v1_BeginRequest_LapsePolicy = {
  LAPSE_POLICY_UNSPECIFIED: 'LAPSE_POLICY_UNSPECIFIED',
  TAKE_OVER: 'TAKE_OVER',
  HOLD: 'HOLD',
} as const;

export type _onceward_v1_BeginRequest_LapsePolicy =
  | 'LAPSE_POLICY_UNSPECIFIED'
  | 0
  | 'TAKE_OVER'
  | 1
  | 'HOLD'
  | 2

export type _onceward_v1_BeginRequest_LapsePolicy__Output = typeof _onceward_v1_BeginRequest_LapsePolicy[keyof typeof _onceward_v1_BeginRequest_LapsePolicy]

export interface BeginRequest {
  'address'?: (_onceward_v1_RecordAddress | null);
  'fingerprint'?: (_onceward_v1_Fingerprint | null);
  'attemptId'?: (string);
  'owner'?: (string);
  'leaseMs'?: (number | string | Long);
  'waitMs'?: (number | string | Long);
  'retentionMs'?: (number | string | Long);
  'lapsePolicy'?: (_onceward_v1_BeginRequest_LapsePolicy);
  'maxAttempts'?: (number);
  'ordering'?: (_onceward_v1_Ordering | null);
}

export interface BeginRequest__Output {
  'address': (_onceward_v1_RecordAddress__Output | null);
  'fingerprint': (_onceward_v1_Fingerprint__Output | null);
  'attemptId': (string);
  'owner': (string);
  'leaseMs': (string);
  'waitMs': (string);
  'retentionMs': (string);
  'lapsePolicy': (_onceward_v1_BeginRequest_LapsePolicy__Output);
  'maxAttempts': (number);
  'ordering': (_onceward_v1_Ordering__Output | null);
}
