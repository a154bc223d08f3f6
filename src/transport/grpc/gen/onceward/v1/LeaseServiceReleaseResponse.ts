// Original file: proto/onceward/v1/lease.proto


// Original file: proto/onceward/v1/lease.proto

export const _onceward_v1_LeaseServiceReleaseResponse_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  RELEASED: 'RELEASED',
  LOST: 'LOST',
} as const;

export type _onceward_v1_LeaseServiceReleaseResponse_Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'RELEASED'
  | 1
  | 'LOST'
  | 2

export type _onceward_v1_LeaseServiceReleaseResponse_Outcome__Output = typeof _onceward_v1_LeaseServiceReleaseResponse_Outcome[keyof typeof _onceward_v1_LeaseServiceReleaseResponse_Outcome]

export interface LeaseServiceReleaseResponse {
  'outcome'?: (_onceward_v1_LeaseServiceReleaseResponse_Outcome);
}

export interface LeaseServiceReleaseResponse__Output {
  'outcome': (_onceward_v1_LeaseServiceReleaseResponse_Outcome__Output);
}
