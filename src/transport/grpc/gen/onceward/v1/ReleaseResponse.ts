// Original file: proto/onceward/v1/idempotency.proto


// Original file: proto/onceward/v1/idempotency.proto

export const _onceward_v1_ReleaseResponse_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  RELEASED: 'RELEASED',
  FENCED: 'FENCED',
  FINISHED: 'FINISHED',
  NOT_FOUND: 'NOT_FOUND',
} as const;

export type _onceward_v1_ReleaseResponse_Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'RELEASED'
  | 1
  | 'FENCED'
  | 2
  | 'FINISHED'
  | 3
  | 'NOT_FOUND'
  | 4

export type _onceward_v1_ReleaseResponse_Outcome__Output = typeof _onceward_v1_ReleaseResponse_Outcome[keyof typeof _onceward_v1_ReleaseResponse_Outcome]

export interface ReleaseResponse {
  'outcome'?: (_onceward_v1_ReleaseResponse_Outcome);
}

export interface ReleaseResponse__Output {
  'outcome': (_onceward_v1_ReleaseResponse_Outcome__Output);
}
