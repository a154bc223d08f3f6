// Original file: proto/onceward/v1/admin.proto

import type { Long } from '@grpc/proto-loader';

export interface RetriedOperation {
  'namespace'?: (string);
  'operation'?: (string);
  'duplicates'?: (number | string | Long);
  'duplicatesAtLeast'?: (number | string | Long);
}

export interface RetriedOperation__Output {
  'namespace': (string);
  'operation': (string);
  'duplicates': (string);
  'duplicatesAtLeast': (string);
}
