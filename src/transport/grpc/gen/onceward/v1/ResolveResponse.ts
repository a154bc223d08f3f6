// Original file: proto/onceward/v1/admin.proto


// Original file: proto/onceward/v1/admin.proto

export const _onceward_v1_ResolveResponse_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  RESOLVED: 'RESOLVED',
  IN_PROGRESS: 'IN_PROGRESS',
  FINISHED: 'FINISHED',
  FENCED: 'FENCED',
  NOT_FOUND: 'NOT_FOUND',
} as const;

export type _onceward_v1_ResolveResponse_Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'RESOLVED'
  | 1
  | 'IN_PROGRESS'
  | 2
  | 'FINISHED'
  | 3
  | 'FENCED'
  | 4
  | 'NOT_FOUND'
  | 5

export type _onceward_v1_ResolveResponse_Outcome__Output = typeof _onceward_v1_ResolveResponse_Outcome[keyof typeof _onceward_v1_ResolveResponse_Outcome]

export interface ResolveResponse {
  'outcome'?: (_onceward_v1_ResolveResponse_Outcome);
}

export interface ResolveResponse__Output {
  'outcome': (_onceward_v1_ResolveResponse_Outcome__Output);
}
