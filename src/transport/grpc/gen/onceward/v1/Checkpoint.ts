// Original file: proto/onceward/v1/types.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

export interface Checkpoint {
  'name'?: (string);
  'data'?: (Buffer | Uint8Array | string);
  'savedAt'?: (_google_protobuf_Timestamp | null);
  'step'?: (number | string | Long);
}

export interface Checkpoint__Output {
  'name': (string);
  'data': (Buffer);
  'savedAt': (_google_protobuf_Timestamp__Output | null);
  'step': (string);
}
