// Original file: proto/onceward/v1/lease.proto

import type { Long } from '@grpc/proto-loader';

export interface AcquireRequest {
  'namespace'?: (string);
  'resource'?: (string);
  'ttlMs'?: (number | string | Long);
  'waitMs'?: (number | string | Long);
  'owner'?: (string);
  'attemptId'?: (string);
}

export interface AcquireRequest__Output {
  'namespace': (string);
  'resource': (string);
  'ttlMs': (string);
  'waitMs': (string);
  'owner': (string);
  'attemptId': (string);
}
