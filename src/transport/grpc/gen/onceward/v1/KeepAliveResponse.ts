// Original file: proto/onceward/v1/lease.proto

import type { Long } from '@grpc/proto-loader';

// Original file: proto/onceward/v1/lease.proto

export const _onceward_v1_KeepAliveResponse_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  RENEWED: 'RENEWED',
  LOST: 'LOST',
} as const;

export type _onceward_v1_KeepAliveResponse_Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'RENEWED'
  | 1
  | 'LOST'
  | 2

export type _onceward_v1_KeepAliveResponse_Outcome__Output = typeof _onceward_v1_KeepAliveResponse_Outcome[keyof typeof _onceward_v1_KeepAliveResponse_Outcome]

export interface KeepAliveResponse {
  'outcome'?: (_onceward_v1_KeepAliveResponse_Outcome);
  'validityMs'?: (number | string | Long);
  'reason'?: (string);
}

export interface KeepAliveResponse__Output {
  'outcome': (_onceward_v1_KeepAliveResponse_Outcome__Output);
  'validityMs': (string);
  'reason': (string);
}
