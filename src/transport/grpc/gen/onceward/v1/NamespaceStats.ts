// Original file: proto/onceward/v1/admin.proto

import type { OutcomeCount as _onceward_v1_OutcomeCount, OutcomeCount__Output as _onceward_v1_OutcomeCount__Output } from '../../onceward/v1/OutcomeCount.ts';
import type { UnfinishedCount as _onceward_v1_UnfinishedCount, UnfinishedCount__Output as _onceward_v1_UnfinishedCount__Output } from '../../onceward/v1/UnfinishedCount.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

export interface NamespaceStats {
  'namespace'?: (string);
  'outcomes'?: (_onceward_v1_OutcomeCount)[];
  'unfinished'?: (_onceward_v1_UnfinishedCount)[];
  'censusAt'?: (_google_protobuf_Timestamp | null);
}

export interface NamespaceStats__Output {
  'namespace': (string);
  'outcomes': (_onceward_v1_OutcomeCount__Output)[];
  'unfinished': (_onceward_v1_UnfinishedCount__Output)[];
  'censusAt': (_google_protobuf_Timestamp__Output | null);
}
