// Original file: proto/onceward/v1/admin.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

export interface Warning {
  'code'?: (string);
  'message'?: (string);
  'since'?: (_google_protobuf_Timestamp | null);
}

export interface Warning__Output {
  'code': (string);
  'message': (string);
  'since': (_google_protobuf_Timestamp__Output | null);
}
