// Original file: proto/onceward/v1/lease.proto

import type { Lease as _onceward_v1_Lease, Lease__Output as _onceward_v1_Lease__Output } from '../../onceward/v1/Lease.ts';

export interface ListResponse {
  'leases'?: (_onceward_v1_Lease)[];
  'nextPageToken'?: (string);
}

export interface ListResponse__Output {
  'leases': (_onceward_v1_Lease__Output)[];
  'nextPageToken': (string);
}
