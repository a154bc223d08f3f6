// Original file: proto/onceward/v1/idempotency.proto

import type { Record as _onceward_v1_Record, Record__Output as _onceward_v1_Record__Output } from '../../onceward/v1/Record.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/onceward/v1/idempotency.proto

export const _onceward_v1_CompleteResponse_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  STORED: 'STORED',
  ALREADY_STORED: 'ALREADY_STORED',
  FENCED: 'FENCED',
  SUPERSEDED: 'SUPERSEDED',
  NOT_FOUND: 'NOT_FOUND',
} as const;

export type _onceward_v1_CompleteResponse_Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'STORED'
  | 1
  | 'ALREADY_STORED'
  | 2
  | 'FENCED'
  | 3
  | 'SUPERSEDED'
  | 4
  | 'NOT_FOUND'
  | 5

export type _onceward_v1_CompleteResponse_Outcome__Output = typeof _onceward_v1_CompleteResponse_Outcome[keyof typeof _onceward_v1_CompleteResponse_Outcome]

export interface CompleteResponse {
  'outcome'?: (_onceward_v1_CompleteResponse_Outcome);
  'late'?: (boolean);
  'restored'?: (boolean);
  'resultDiffers'?: (boolean);
  'resultOmitted'?: (boolean);
  'retryAfterMs'?: (number | string | Long);
  'record'?: (_onceward_v1_Record | null);
}

export interface CompleteResponse__Output {
  'outcome': (_onceward_v1_CompleteResponse_Outcome__Output);
  'late': (boolean);
  'restored': (boolean);
  'resultDiffers': (boolean);
  'resultOmitted': (boolean);
  'retryAfterMs': (string);
  'record': (_onceward_v1_Record__Output | null);
}
