// Original file: proto/onceward/v1/idempotency.proto

import type { Record as _onceward_v1_Record, Record__Output as _onceward_v1_Record__Output } from '../../onceward/v1/Record.ts';

export interface GetResponse {
  'found'?: (boolean);
  'record'?: (_onceward_v1_Record | null);
}

export interface GetResponse__Output {
  'found': (boolean);
  'record': (_onceward_v1_Record__Output | null);
}
