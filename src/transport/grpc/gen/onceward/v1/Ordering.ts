// Original file: proto/onceward/v1/types.proto

import type { Long } from '@grpc/proto-loader';

// Original file: proto/onceward/v1/types.proto

export const _onceward_v1_Ordering_Mode = {
  MODE_UNSPECIFIED: 'MODE_UNSPECIFIED',
  STRICT_NEXT: 'STRICT_NEXT',
  MONOTONIC: 'MONOTONIC',
  LAST_WRITE_WINS: 'LAST_WRITE_WINS',
  EXACT: 'EXACT',
} as const;

export type _onceward_v1_Ordering_Mode =
  | 'MODE_UNSPECIFIED'
  | 0
  | 'STRICT_NEXT'
  | 1
  | 'MONOTONIC'
  | 2
  | 'LAST_WRITE_WINS'
  | 3
  | 'EXACT'
  | 4

export type _onceward_v1_Ordering_Mode__Output = typeof _onceward_v1_Ordering_Mode[keyof typeof _onceward_v1_Ordering_Mode]

// Original file: proto/onceward/v1/types.proto

export const _onceward_v1_Ordering_TerminalFailure = {
  TERMINAL_FAILURE_UNSPECIFIED: 'TERMINAL_FAILURE_UNSPECIFIED',
  BLOCK: 'BLOCK',
  SKIP: 'SKIP',
} as const;

export type _onceward_v1_Ordering_TerminalFailure =
  | 'TERMINAL_FAILURE_UNSPECIFIED'
  | 0
  | 'BLOCK'
  | 1
  | 'SKIP'
  | 2

export type _onceward_v1_Ordering_TerminalFailure__Output = typeof _onceward_v1_Ordering_TerminalFailure[keyof typeof _onceward_v1_Ordering_TerminalFailure]

// Original file: proto/onceward/v1/types.proto

export const _onceward_v1_Ordering_UnknownStream = {
  UNKNOWN_STREAM_UNSPECIFIED: 'UNKNOWN_STREAM_UNSPECIFIED',
  REQUIRE_INITIAL: 'REQUIRE_INITIAL',
  ADOPT: 'ADOPT',
} as const;

export type _onceward_v1_Ordering_UnknownStream =
  | 'UNKNOWN_STREAM_UNSPECIFIED'
  | 0
  | 'REQUIRE_INITIAL'
  | 1
  | 'ADOPT'
  | 2

export type _onceward_v1_Ordering_UnknownStream__Output = typeof _onceward_v1_Ordering_UnknownStream[keyof typeof _onceward_v1_Ordering_UnknownStream]

export interface Ordering {
  'sequence'?: (number | string | Long);
  'mode'?: (_onceward_v1_Ordering_Mode);
  'epoch'?: (number | string | Long);
  'tiebreak'?: (number | string | Long);
  'initial'?: (number | string | Long);
  'onUnknownStream'?: (_onceward_v1_Ordering_UnknownStream);
  'onTerminalFailure'?: (_onceward_v1_Ordering_TerminalFailure);
  '_initial'?: "initial";
}

export interface Ordering__Output {
  'sequence': (string);
  'mode': (_onceward_v1_Ordering_Mode__Output);
  'epoch': (string);
  'tiebreak': (string);
  'initial'?: (string);
  'onUnknownStream': (_onceward_v1_Ordering_UnknownStream__Output);
  'onTerminalFailure': (_onceward_v1_Ordering_TerminalFailure__Output);
  '_initial'?: "initial";
}
