// Original file: proto/onceward/v1/idempotency.proto

import type { BeginRequest as _onceward_v1_BeginRequest, BeginRequest__Output as _onceward_v1_BeginRequest__Output } from '../../onceward/v1/BeginRequest.ts';
import type { CompleteRequest as _onceward_v1_CompleteRequest, CompleteRequest__Output as _onceward_v1_CompleteRequest__Output } from '../../onceward/v1/CompleteRequest.ts';
import type { RenewRequest as _onceward_v1_RenewRequest, RenewRequest__Output as _onceward_v1_RenewRequest__Output } from '../../onceward/v1/RenewRequest.ts';
import type { CheckpointRequest as _onceward_v1_CheckpointRequest, CheckpointRequest__Output as _onceward_v1_CheckpointRequest__Output } from '../../onceward/v1/CheckpointRequest.ts';
import type { GetRequest as _onceward_v1_GetRequest, GetRequest__Output as _onceward_v1_GetRequest__Output } from '../../onceward/v1/GetRequest.ts';
import type { ReleaseRequest as _onceward_v1_ReleaseRequest, ReleaseRequest__Output as _onceward_v1_ReleaseRequest__Output } from '../../onceward/v1/ReleaseRequest.ts';
import type { Long } from '@grpc/proto-loader';

export interface SessionRequest {
  'correlationId'?: (number | string | Long);
  'begin'?: (_onceward_v1_BeginRequest | null);
  'complete'?: (_onceward_v1_CompleteRequest | null);
  'renew'?: (_onceward_v1_RenewRequest | null);
  'checkpoint'?: (_onceward_v1_CheckpointRequest | null);
  'get'?: (_onceward_v1_GetRequest | null);
  'release'?: (_onceward_v1_ReleaseRequest | null);
  'call'?: "begin"|"complete"|"renew"|"checkpoint"|"get"|"release";
}

export interface SessionRequest__Output {
  'correlationId': (string);
  'begin'?: (_onceward_v1_BeginRequest__Output | null);
  'complete'?: (_onceward_v1_CompleteRequest__Output | null);
  'renew'?: (_onceward_v1_RenewRequest__Output | null);
  'checkpoint'?: (_onceward_v1_CheckpointRequest__Output | null);
  'get'?: (_onceward_v1_GetRequest__Output | null);
  'release'?: (_onceward_v1_ReleaseRequest__Output | null);
  'call'?: "begin"|"complete"|"renew"|"checkpoint"|"get"|"release";
}
