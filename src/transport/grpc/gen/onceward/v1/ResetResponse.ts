// Original file: proto/onceward/v1/sequence.proto

import type { Long } from '@grpc/proto-loader';

// Original file: proto/onceward/v1/sequence.proto

export const _onceward_v1_ResetResponse_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  RESET: 'RESET',
  CONFLICT: 'CONFLICT',
} as const;

export type _onceward_v1_ResetResponse_Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'RESET'
  | 1
  | 'CONFLICT'
  | 2

export type _onceward_v1_ResetResponse_Outcome__Output = typeof _onceward_v1_ResetResponse_Outcome[keyof typeof _onceward_v1_ResetResponse_Outcome]

export interface ResetResponse {
  'outcome'?: (_onceward_v1_ResetResponse_Outcome);
  'last'?: (number | string | Long);
  '_last'?: "last";
}

export interface ResetResponse__Output {
  'outcome': (_onceward_v1_ResetResponse_Outcome__Output);
  'last'?: (string);
  '_last'?: "last";
}
