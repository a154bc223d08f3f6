// Original file: proto/onceward/v1/idempotency.proto

import type { Attempt as _onceward_v1_Attempt, Attempt__Output as _onceward_v1_Attempt__Output } from '../../onceward/v1/Attempt.ts';
import type { Record as _onceward_v1_Record, Record__Output as _onceward_v1_Record__Output } from '../../onceward/v1/Record.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/onceward/v1/idempotency.proto

export const _onceward_v1_BeginResponse_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  STARTED: 'STARTED',
  REPLAY: 'REPLAY',
  IN_PROGRESS: 'IN_PROGRESS',
  MISMATCH: 'MISMATCH',
  UNRESOLVED: 'UNRESOLVED',
  BACKING_OFF: 'BACKING_OFF',
  STALE: 'STALE',
  GAP: 'GAP',
  CONFLICT: 'CONFLICT',
} as const;

export type _onceward_v1_BeginResponse_Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'STARTED'
  | 1
  | 'REPLAY'
  | 2
  | 'IN_PROGRESS'
  | 3
  | 'MISMATCH'
  | 4
  | 'UNRESOLVED'
  | 5
  | 'BACKING_OFF'
  | 6
  | 'STALE'
  | 7
  | 'GAP'
  | 8
  | 'CONFLICT'
  | 9

export type _onceward_v1_BeginResponse_Outcome__Output = typeof _onceward_v1_BeginResponse_Outcome[keyof typeof _onceward_v1_BeginResponse_Outcome]

export interface BeginResponse {
  'outcome'?: (_onceward_v1_BeginResponse_Outcome);
  'attempt'?: (_onceward_v1_Attempt | null);
  'record'?: (_onceward_v1_Record | null);
  'retryAfterMs'?: (number | string | Long);
  'expectedSequence'?: (number | string | Long);
  'streamEpoch'?: (number | string | Long);
}

export interface BeginResponse__Output {
  'outcome': (_onceward_v1_BeginResponse_Outcome__Output);
  'attempt': (_onceward_v1_Attempt__Output | null);
  'record': (_onceward_v1_Record__Output | null);
  'retryAfterMs': (string);
  'expectedSequence': (string);
  'streamEpoch': (string);
}
