// Original file: proto/onceward/v1/admin.proto

import type { RecordAddress as _onceward_v1_RecordAddress, RecordAddress__Output as _onceward_v1_RecordAddress__Output } from '../../onceward/v1/RecordAddress.ts';

export interface ForgetRequest {
  'address'?: (_onceward_v1_RecordAddress | null);
  'reason'?: (string);
  'actor'?: (string);
}

export interface ForgetRequest__Output {
  'address': (_onceward_v1_RecordAddress__Output | null);
  'reason': (string);
  'actor': (string);
}
