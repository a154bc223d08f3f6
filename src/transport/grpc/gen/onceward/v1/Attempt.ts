// Original file: proto/onceward/v1/types.proto

import type { Checkpoint as _onceward_v1_Checkpoint, Checkpoint__Output as _onceward_v1_Checkpoint__Output } from '../../onceward/v1/Checkpoint.ts';
import type { Long } from '@grpc/proto-loader';

export interface Attempt {
  'number'?: (number);
  'attemptId'?: (string);
  'fencingToken'?: (number | string | Long);
  'leaseMs'?: (number | string | Long);
  'takeover'?: (boolean);
  'resumed'?: (boolean);
  'maybeExecuted'?: (boolean);
  'unguarded'?: (boolean);
  'checkpoint'?: (_onceward_v1_Checkpoint | null);
}

export interface Attempt__Output {
  'number': (number);
  'attemptId': (string);
  'fencingToken': (string);
  'leaseMs': (string);
  'takeover': (boolean);
  'resumed': (boolean);
  'maybeExecuted': (boolean);
  'unguarded': (boolean);
  'checkpoint': (_onceward_v1_Checkpoint__Output | null);
}
