// Original file: proto/onceward/v1/lease.proto

import type { Long } from '@grpc/proto-loader';

export interface KeepAliveRequest {
  'namespace'?: (string);
  'resource'?: (string);
  'leaseId'?: (string);
  'fencingToken'?: (number | string | Long);
  'ttlMs'?: (number | string | Long);
  'everyMs'?: (number | string | Long);
  'validityMs'?: (number | string | Long);
}

export interface KeepAliveRequest__Output {
  'namespace': (string);
  'resource': (string);
  'leaseId': (string);
  'fencingToken': (string);
  'ttlMs': (string);
  'everyMs': (string);
  'validityMs': (string);
}
