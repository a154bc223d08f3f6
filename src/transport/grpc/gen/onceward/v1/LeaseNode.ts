// Original file: proto/onceward/v1/admin.proto


// Original file: proto/onceward/v1/admin.proto

export const _onceward_v1_LeaseNode_State = {
  STATE_UNSPECIFIED: 'STATE_UNSPECIFIED',
  VOTING: 'VOTING',
  UNAVAILABLE: 'UNAVAILABLE',
  JOINING: 'JOINING',
} as const;

export type _onceward_v1_LeaseNode_State =
  | 'STATE_UNSPECIFIED'
  | 0
  | 'VOTING'
  | 1
  | 'UNAVAILABLE'
  | 2
  | 'JOINING'
  | 3

export type _onceward_v1_LeaseNode_State__Output = typeof _onceward_v1_LeaseNode_State[keyof typeof _onceward_v1_LeaseNode_State]

export interface LeaseNode {
  'address'?: (string);
  'state'?: (_onceward_v1_LeaseNode_State);
  'reason'?: (string);
}

export interface LeaseNode__Output {
  'address': (string);
  'state': (_onceward_v1_LeaseNode_State__Output);
  'reason': (string);
}
