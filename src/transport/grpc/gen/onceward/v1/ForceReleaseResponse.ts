// Original file: proto/onceward/v1/lease.proto


// Original file: proto/onceward/v1/lease.proto

export const _onceward_v1_ForceReleaseResponse_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  RELEASED: 'RELEASED',
  NOT_HELD: 'NOT_HELD',
} as const;

export type _onceward_v1_ForceReleaseResponse_Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'RELEASED'
  | 1
  | 'NOT_HELD'
  | 2

export type _onceward_v1_ForceReleaseResponse_Outcome__Output = typeof _onceward_v1_ForceReleaseResponse_Outcome[keyof typeof _onceward_v1_ForceReleaseResponse_Outcome]

export interface ForceReleaseResponse {
  'outcome'?: (_onceward_v1_ForceReleaseResponse_Outcome);
}

export interface ForceReleaseResponse__Output {
  'outcome': (_onceward_v1_ForceReleaseResponse_Outcome__Output);
}
