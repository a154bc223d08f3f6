// Original file: proto/onceward/v1/sequence.proto

import type { Long } from '@grpc/proto-loader';

export interface ResetRequest {
  'namespace'?: (string);
  'stream'?: (string);
  'expectedLast'?: (number | string | Long);
  'to'?: (number | string | Long);
  'reason'?: (string);
  'actor'?: (string);
  '_expectedLast'?: "expectedLast";
}

export interface ResetRequest__Output {
  'namespace': (string);
  'stream': (string);
  'expectedLast'?: (string);
  'to': (string);
  'reason': (string);
  'actor': (string);
  '_expectedLast'?: "expectedLast";
}
