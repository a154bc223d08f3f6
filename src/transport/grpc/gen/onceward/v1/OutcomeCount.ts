// Original file: proto/onceward/v1/admin.proto

import type { Long } from '@grpc/proto-loader';

export interface OutcomeCount {
  'rpc'?: (string);
  'outcome'?: (string);
  'count'?: (number | string | Long);
}

export interface OutcomeCount__Output {
  'rpc': (string);
  'outcome': (string);
  'count': (string);
}
