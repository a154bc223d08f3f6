// Original file: proto/onceward/v1/admin.proto

import type { _onceward_v1_Record_State, _onceward_v1_Record_State__Output } from '../../onceward/v1/Record.ts';
import type { Long } from '@grpc/proto-loader';

export interface UnfinishedCount {
  'state'?: (_onceward_v1_Record_State);
  'count'?: (number | string | Long);
}

export interface UnfinishedCount__Output {
  'state': (_onceward_v1_Record_State__Output);
  'count': (string);
}
