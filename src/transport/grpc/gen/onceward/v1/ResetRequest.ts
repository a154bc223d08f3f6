// Original file: proto/onceward/v1/sequence.proto

import type { Long } from '@grpc/proto-loader';

export interface ResetRequest {
  'namespace'?: (string);
  'stream'?: (string);
  'expectedLast'?: (number | string | Long);
  'to'?: (number | string | Long);
  'reason'?: (string);
  'actor'?: (string);
  'epoch'?: (number | string | Long);
  '_expectedLast'?: "expectedLast";
  '_epoch'?: "epoch";
}

export interface ResetRequest__Output {
  'namespace': (string);
  'stream': (string);
  'expectedLast'?: (string);
  'to': (string);
  'reason': (string);
  'actor': (string);
  'epoch'?: (string);
  '_expectedLast'?: "expectedLast";
  '_epoch'?: "epoch";
}
