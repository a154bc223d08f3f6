// Original file: proto/onceward/v1/admin.proto


// Original file: proto/onceward/v1/admin.proto

export const _onceward_v1_ForgetResponse_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  FORGOTTEN: 'FORGOTTEN',
  NOT_FOUND: 'NOT_FOUND',
} as const;

export type _onceward_v1_ForgetResponse_Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'FORGOTTEN'
  | 1
  | 'NOT_FOUND'
  | 2

export type _onceward_v1_ForgetResponse_Outcome__Output = typeof _onceward_v1_ForgetResponse_Outcome[keyof typeof _onceward_v1_ForgetResponse_Outcome]

export interface ForgetResponse {
  'outcome'?: (_onceward_v1_ForgetResponse_Outcome);
}

export interface ForgetResponse__Output {
  'outcome': (_onceward_v1_ForgetResponse_Outcome__Output);
}
