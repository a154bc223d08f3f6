// Original file: proto/onceward/v1/lease.proto

import type { Long } from '@grpc/proto-loader';

// Original file: proto/onceward/v1/lease.proto

export const _onceward_v1_AcquireResponse_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  ACQUIRED: 'ACQUIRED',
  BUSY: 'BUSY',
} as const;

export type _onceward_v1_AcquireResponse_Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'ACQUIRED'
  | 1
  | 'BUSY'
  | 2

export type _onceward_v1_AcquireResponse_Outcome__Output = typeof _onceward_v1_AcquireResponse_Outcome[keyof typeof _onceward_v1_AcquireResponse_Outcome]

export interface AcquireResponse {
  'outcome'?: (_onceward_v1_AcquireResponse_Outcome);
  'leaseId'?: (string);
  'fencingToken'?: (number | string | Long);
  'validityMs'?: (number | string | Long);
  'owner'?: (string);
  'retryAfterMs'?: (number | string | Long);
}

export interface AcquireResponse__Output {
  'outcome': (_onceward_v1_AcquireResponse_Outcome__Output);
  'leaseId': (string);
  'fencingToken': (string);
  'validityMs': (string);
  'owner': (string);
  'retryAfterMs': (string);
}
