// Original file: proto/onceward/v1/idempotency.proto

import type { BeginResponse as _onceward_v1_BeginResponse, BeginResponse__Output as _onceward_v1_BeginResponse__Output } from '../../onceward/v1/BeginResponse.ts';
import type { CompleteResponse as _onceward_v1_CompleteResponse, CompleteResponse__Output as _onceward_v1_CompleteResponse__Output } from '../../onceward/v1/CompleteResponse.ts';
import type { RenewResponse as _onceward_v1_RenewResponse, RenewResponse__Output as _onceward_v1_RenewResponse__Output } from '../../onceward/v1/RenewResponse.ts';
import type { CheckpointResponse as _onceward_v1_CheckpointResponse, CheckpointResponse__Output as _onceward_v1_CheckpointResponse__Output } from '../../onceward/v1/CheckpointResponse.ts';
import type { GetResponse as _onceward_v1_GetResponse, GetResponse__Output as _onceward_v1_GetResponse__Output } from '../../onceward/v1/GetResponse.ts';
import type { ReleaseResponse as _onceward_v1_ReleaseResponse, ReleaseResponse__Output as _onceward_v1_ReleaseResponse__Output } from '../../onceward/v1/ReleaseResponse.ts';
import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from '../../google/rpc/Status.ts';
import type { Long } from '@grpc/proto-loader';

export interface SessionResponse {
  'correlationId'?: (number | string | Long);
  'begin'?: (_onceward_v1_BeginResponse | null);
  'complete'?: (_onceward_v1_CompleteResponse | null);
  'renew'?: (_onceward_v1_RenewResponse | null);
  'checkpoint'?: (_onceward_v1_CheckpointResponse | null);
  'get'?: (_onceward_v1_GetResponse | null);
  'release'?: (_onceward_v1_ReleaseResponse | null);
  'error'?: (_google_rpc_Status | null);
  'answer'?: "begin"|"complete"|"renew"|"checkpoint"|"get"|"release"|"error";
}

export interface SessionResponse__Output {
  'correlationId': (string);
  'begin'?: (_onceward_v1_BeginResponse__Output | null);
  'complete'?: (_onceward_v1_CompleteResponse__Output | null);
  'renew'?: (_onceward_v1_RenewResponse__Output | null);
  'checkpoint'?: (_onceward_v1_CheckpointResponse__Output | null);
  'get'?: (_onceward_v1_GetResponse__Output | null);
  'release'?: (_onceward_v1_ReleaseResponse__Output | null);
  'error'?: (_google_rpc_Status__Output | null);
  'answer'?: "begin"|"complete"|"renew"|"checkpoint"|"get"|"release"|"error";
}
