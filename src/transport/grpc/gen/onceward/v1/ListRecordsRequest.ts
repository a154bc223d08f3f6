// Original file: proto/onceward/v1/admin.proto

import type { _onceward_v1_Record_State, _onceward_v1_Record_State__Output } from '../../onceward/v1/Record.ts';
import type { Long } from '@grpc/proto-loader';

export interface ListRecordsRequest {
  'namespace'?: (string);
  'states'?: (_onceward_v1_Record_State)[];
  'olderThanMs'?: (number | string | Long);
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListRecordsRequest__Output {
  'namespace': (string);
  'states': (_onceward_v1_Record_State__Output)[];
  'olderThanMs': (string);
  'pageSize': (number);
  'pageToken': (string);
}
