// Original file: proto/onceward/v1/sequence.proto

import type { _onceward_v1_Ordering_Mode, _onceward_v1_Ordering_Mode__Output } from '../../onceward/v1/Ordering.ts';
import type { Long } from '@grpc/proto-loader';

export interface AdvanceRequest {
  'namespace'?: (string);
  'stream'?: (string);
  'mode'?: (_onceward_v1_Ordering_Mode);
  'sequence'?: (number | string | Long);
  'expected'?: (number | string | Long);
  'epoch'?: (number | string | Long);
  'tiebreak'?: (number | string | Long);
  'attemptId'?: (string);
}

export interface AdvanceRequest__Output {
  'namespace': (string);
  'stream': (string);
  'mode': (_onceward_v1_Ordering_Mode__Output);
  'sequence': (string);
  'expected': (string);
  'epoch': (string);
  'tiebreak': (string);
  'attemptId': (string);
}
