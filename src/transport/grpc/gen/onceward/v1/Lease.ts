// Original file: proto/onceward/v1/lease.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

export interface Lease {
  'namespace'?: (string);
  'resource'?: (string);
  'owner'?: (string);
  'fencingToken'?: (number | string | Long);
  'ttlMs'?: (number | string | Long);
  'acquiredAt'?: (_google_protobuf_Timestamp | null);
}

export interface Lease__Output {
  'namespace': (string);
  'resource': (string);
  'owner': (string);
  'fencingToken': (string);
  'ttlMs': (string);
  'acquiredAt': (_google_protobuf_Timestamp__Output | null);
}
