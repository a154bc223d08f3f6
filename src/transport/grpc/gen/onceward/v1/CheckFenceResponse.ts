// Original file: proto/onceward/v1/lease.proto


// Original file: proto/onceward/v1/lease.proto

export const _onceward_v1_CheckFenceResponse_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  CURRENT: 'CURRENT',
  STALE: 'STALE',
} as const;

export type _onceward_v1_CheckFenceResponse_Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'CURRENT'
  | 1
  | 'STALE'
  | 2

export type _onceward_v1_CheckFenceResponse_Outcome__Output = typeof _onceward_v1_CheckFenceResponse_Outcome[keyof typeof _onceward_v1_CheckFenceResponse_Outcome]

export interface CheckFenceResponse {
  'outcome'?: (_onceward_v1_CheckFenceResponse_Outcome);
}

export interface CheckFenceResponse__Output {
  'outcome': (_onceward_v1_CheckFenceResponse_Outcome__Output);
}
