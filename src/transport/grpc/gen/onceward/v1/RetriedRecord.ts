// Original file: proto/onceward/v1/admin.proto

import type { RecordAddress as _onceward_v1_RecordAddress, RecordAddress__Output as _onceward_v1_RecordAddress__Output } from '../../onceward/v1/RecordAddress.ts';
import type { Long } from '@grpc/proto-loader';

export interface RetriedRecord {
  'address'?: (_onceward_v1_RecordAddress | null);
  'duplicates'?: (number | string | Long);
  'duplicatesAtLeast'?: (number | string | Long);
}

export interface RetriedRecord__Output {
  'address': (_onceward_v1_RecordAddress__Output | null);
  'duplicates': (string);
  'duplicatesAtLeast': (string);
}
