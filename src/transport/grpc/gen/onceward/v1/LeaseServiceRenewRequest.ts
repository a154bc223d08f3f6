// Original file: proto/onceward/v1/lease.proto

import type { Long } from '@grpc/proto-loader';

export interface LeaseServiceRenewRequest {
  'namespace'?: (string);
  'resource'?: (string);
  'leaseId'?: (string);
  'fencingToken'?: (number | string | Long);
  'ttlMs'?: (number | string | Long);
}

export interface LeaseServiceRenewRequest__Output {
  'namespace': (string);
  'resource': (string);
  'leaseId': (string);
  'fencingToken': (string);
  'ttlMs': (string);
}
