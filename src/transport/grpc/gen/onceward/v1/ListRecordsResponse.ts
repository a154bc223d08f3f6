// Original file: proto/onceward/v1/admin.proto

import type { Record as _onceward_v1_Record, Record__Output as _onceward_v1_Record__Output } from '../../onceward/v1/Record.ts';

export interface ListRecordsResponse {
  'records'?: (_onceward_v1_Record)[];
  'nextPageToken'?: (string);
}

export interface ListRecordsResponse__Output {
  'records': (_onceward_v1_Record__Output)[];
  'nextPageToken': (string);
}
