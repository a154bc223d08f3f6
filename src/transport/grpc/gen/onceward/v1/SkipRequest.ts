// Original file: proto/onceward/v1/sequence.proto

import type { Long } from '@grpc/proto-loader';

export interface SkipRequest {
  'namespace'?: (string);
  'stream'?: (string);
  'expectedLast'?: (number | string | Long);
  'to'?: (number | string | Long);
  'reason'?: (string);
  'actor'?: (string);
  '_expectedLast'?: "expectedLast";
}

export interface SkipRequest__Output {
  'namespace': (string);
  'stream': (string);
  'expectedLast'?: (string);
  'to': (string);
  'reason': (string);
  'actor': (string);
  '_expectedLast'?: "expectedLast";
}
