// Original file: proto/onceward/v1/lease.proto

import type { Long } from '@grpc/proto-loader';

export interface CheckFenceRequest {
  'namespace'?: (string);
  'resource'?: (string);
  'fencingToken'?: (number | string | Long);
}

export interface CheckFenceRequest__Output {
  'namespace': (string);
  'resource': (string);
  'fencingToken': (string);
}
