// Original file: proto/onceward/v1/lease.proto

import type { Long } from '@grpc/proto-loader';

export interface LeaseServiceReleaseRequest {
  'namespace'?: (string);
  'resource'?: (string);
  'leaseId'?: (string);
  'fencingToken'?: (number | string | Long);
}

export interface LeaseServiceReleaseRequest__Output {
  'namespace': (string);
  'resource': (string);
  'leaseId': (string);
  'fencingToken': (string);
}
