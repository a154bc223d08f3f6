// Original file: proto/onceward/v1/lease.proto

import type { Lease as _onceward_v1_Lease, Lease__Output as _onceward_v1_Lease__Output } from '../../onceward/v1/Lease.ts';

export interface InspectResponse {
  'held'?: (boolean);
  'lease'?: (_onceward_v1_Lease | null);
}

export interface InspectResponse__Output {
  'held': (boolean);
  'lease': (_onceward_v1_Lease__Output | null);
}
