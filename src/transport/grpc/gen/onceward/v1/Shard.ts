// Original file: proto/onceward/v1/admin.proto


// Original file: proto/onceward/v1/admin.proto

export const _onceward_v1_Shard_State = {
  STATE_UNSPECIFIED: 'STATE_UNSPECIFIED',
  SERVING: 'SERVING',
  UNAVAILABLE: 'UNAVAILABLE',
  REFUSED: 'REFUSED',
} as const;

export type _onceward_v1_Shard_State =
  | 'STATE_UNSPECIFIED'
  | 0
  | 'SERVING'
  | 1
  | 'UNAVAILABLE'
  | 2
  | 'REFUSED'
  | 3

export type _onceward_v1_Shard_State__Output = typeof _onceward_v1_Shard_State[keyof typeof _onceward_v1_Shard_State]

export interface Shard {
  'name'?: (string);
  'state'?: (_onceward_v1_Shard_State);
  'address'?: (string);
}

export interface Shard__Output {
  'name': (string);
  'state': (_onceward_v1_Shard_State__Output);
  'address': (string);
}
