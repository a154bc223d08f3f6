// Original file: proto/onceward/v1/sequence.proto

import type { Long } from '@grpc/proto-loader';

// Original file: proto/onceward/v1/sequence.proto

export const _onceward_v1_SkipResponse_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  SKIPPED: 'SKIPPED',
  CONFLICT: 'CONFLICT',
  NOT_FOUND: 'NOT_FOUND',
} as const;

export type _onceward_v1_SkipResponse_Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'SKIPPED'
  | 1
  | 'CONFLICT'
  | 2
  | 'NOT_FOUND'
  | 3

export type _onceward_v1_SkipResponse_Outcome__Output = typeof _onceward_v1_SkipResponse_Outcome[keyof typeof _onceward_v1_SkipResponse_Outcome]

export interface SkipResponse {
  'outcome'?: (_onceward_v1_SkipResponse_Outcome);
  'last'?: (number | string | Long);
  '_last'?: "last";
}

export interface SkipResponse__Output {
  'outcome': (_onceward_v1_SkipResponse_Outcome__Output);
  'last'?: (string);
  '_last'?: "last";
}
