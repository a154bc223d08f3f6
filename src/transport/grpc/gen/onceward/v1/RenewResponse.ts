// Original file: proto/onceward/v1/idempotency.proto

import type { Long } from '@grpc/proto-loader';

// Original file: proto/onceward/v1/idempotency.proto

export const _onceward_v1_RenewResponse_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  RENEWED: 'RENEWED',
  FENCED: 'FENCED',
  FINISHED: 'FINISHED',
  NOT_FOUND: 'NOT_FOUND',
} as const;

export type _onceward_v1_RenewResponse_Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'RENEWED'
  | 1
  | 'FENCED'
  | 2
  | 'FINISHED'
  | 3
  | 'NOT_FOUND'
  | 4

export type _onceward_v1_RenewResponse_Outcome__Output = typeof _onceward_v1_RenewResponse_Outcome[keyof typeof _onceward_v1_RenewResponse_Outcome]

export interface RenewResponse {
  'outcome'?: (_onceward_v1_RenewResponse_Outcome);
  'leaseMs'?: (number | string | Long);
}

export interface RenewResponse__Output {
  'outcome': (_onceward_v1_RenewResponse_Outcome__Output);
  'leaseMs': (string);
}
