// Original file: proto/onceward/v1/admin.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

export interface GapWindow {
  'shard'?: (string);
  'beganAt'?: (_google_protobuf_Timestamp | null);
  'noticedAt'?: (_google_protobuf_Timestamp | null);
}

export interface GapWindow__Output {
  'shard': (string);
  'beganAt': (_google_protobuf_Timestamp__Output | null);
  'noticedAt': (_google_protobuf_Timestamp__Output | null);
}
