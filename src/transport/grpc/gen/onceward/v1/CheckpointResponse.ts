// Original file: proto/onceward/v1/idempotency.proto

import type { Long } from '@grpc/proto-loader';

// Original file: proto/onceward/v1/idempotency.proto

export const _onceward_v1_CheckpointResponse_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  SAVED: 'SAVED',
  STALE: 'STALE',
  FENCED: 'FENCED',
  FINISHED: 'FINISHED',
  NOT_FOUND: 'NOT_FOUND',
} as const;

export type _onceward_v1_CheckpointResponse_Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'SAVED'
  | 1
  | 'STALE'
  | 2
  | 'FENCED'
  | 3
  | 'FINISHED'
  | 4
  | 'NOT_FOUND'
  | 5

export type _onceward_v1_CheckpointResponse_Outcome__Output = typeof _onceward_v1_CheckpointResponse_Outcome[keyof typeof _onceward_v1_CheckpointResponse_Outcome]

export interface CheckpointResponse {
  'outcome'?: (_onceward_v1_CheckpointResponse_Outcome);
  'leaseMs'?: (number | string | Long);
}

export interface CheckpointResponse__Output {
  'outcome': (_onceward_v1_CheckpointResponse_Outcome__Output);
  'leaseMs': (string);
}
