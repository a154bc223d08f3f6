// Original file: proto/onceward/v1/admin.proto

import type { LeaseNode as _onceward_v1_LeaseNode, LeaseNode__Output as _onceward_v1_LeaseNode__Output } from '../../onceward/v1/LeaseNode.ts';

export interface LeaseInfo {
  'kind'?: (string);
  'serving'?: (boolean);
  'reason'?: (string);
  'fence'?: (string);
  'nodes'?: (_onceward_v1_LeaseNode)[];
}

export interface LeaseInfo__Output {
  'kind': (string);
  'serving': (boolean);
  'reason': (string);
  'fence': (string);
  'nodes': (_onceward_v1_LeaseNode__Output)[];
}
