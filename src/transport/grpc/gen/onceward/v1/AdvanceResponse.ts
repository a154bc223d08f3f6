// Original file: proto/onceward/v1/sequence.proto

import type { Long } from '@grpc/proto-loader';

// Original file: proto/onceward/v1/sequence.proto

export const _onceward_v1_AdvanceResponse_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  ADVANCED: 'ADVANCED',
  DUPLICATE: 'DUPLICATE',
  STALE: 'STALE',
  GAP: 'GAP',
  CONFLICT: 'CONFLICT',
  FENCED: 'FENCED',
} as const;

export type _onceward_v1_AdvanceResponse_Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'ADVANCED'
  | 1
  | 'DUPLICATE'
  | 2
  | 'STALE'
  | 3
  | 'GAP'
  | 4
  | 'CONFLICT'
  | 5
  | 'FENCED'
  | 6

export type _onceward_v1_AdvanceResponse_Outcome__Output = typeof _onceward_v1_AdvanceResponse_Outcome[keyof typeof _onceward_v1_AdvanceResponse_Outcome]

export interface AdvanceResponse {
  'outcome'?: (_onceward_v1_AdvanceResponse_Outcome);
  'last'?: (number | string | Long);
  'streamEpoch'?: (number | string | Long);
  'retryAfterMs'?: (number | string | Long);
  '_last'?: "last";
}

export interface AdvanceResponse__Output {
  'outcome': (_onceward_v1_AdvanceResponse_Outcome__Output);
  'last'?: (string);
  'streamEpoch': (string);
  'retryAfterMs': (string);
  '_last'?: "last";
}
