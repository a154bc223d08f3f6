// Original file: proto/onceward/v1/sequence.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AdvanceRequest as _onceward_v1_AdvanceRequest, AdvanceRequest__Output as _onceward_v1_AdvanceRequest__Output } from '../../onceward/v1/AdvanceRequest.ts';
import type { AdvanceResponse as _onceward_v1_AdvanceResponse, AdvanceResponse__Output as _onceward_v1_AdvanceResponse__Output } from '../../onceward/v1/AdvanceResponse.ts';
import type { ResetRequest as _onceward_v1_ResetRequest, ResetRequest__Output as _onceward_v1_ResetRequest__Output } from '../../onceward/v1/ResetRequest.ts';
import type { ResetResponse as _onceward_v1_ResetResponse, ResetResponse__Output as _onceward_v1_ResetResponse__Output } from '../../onceward/v1/ResetResponse.ts';
import type { SequenceServiceGetRequest as _onceward_v1_SequenceServiceGetRequest, SequenceServiceGetRequest__Output as _onceward_v1_SequenceServiceGetRequest__Output } from '../../onceward/v1/SequenceServiceGetRequest.ts';
import type { SequenceServiceGetResponse as _onceward_v1_SequenceServiceGetResponse, SequenceServiceGetResponse__Output as _onceward_v1_SequenceServiceGetResponse__Output } from '../../onceward/v1/SequenceServiceGetResponse.ts';
import type { SkipRequest as _onceward_v1_SkipRequest, SkipRequest__Output as _onceward_v1_SkipRequest__Output } from '../../onceward/v1/SkipRequest.ts';
import type { SkipResponse as _onceward_v1_SkipResponse, SkipResponse__Output as _onceward_v1_SkipResponse__Output } from '../../onceward/v1/SkipResponse.ts';

export interface SequenceServiceClient extends grpc.Client {
  Advance(argument: _onceward_v1_AdvanceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_AdvanceResponse__Output>): grpc.ClientUnaryCall;
  Advance(argument: _onceward_v1_AdvanceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_AdvanceResponse__Output>): grpc.ClientUnaryCall;
  Advance(argument: _onceward_v1_AdvanceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_AdvanceResponse__Output>): grpc.ClientUnaryCall;
  Advance(argument: _onceward_v1_AdvanceRequest, callback: grpc.requestCallback<_onceward_v1_AdvanceResponse__Output>): grpc.ClientUnaryCall;
  advance(argument: _onceward_v1_AdvanceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_AdvanceResponse__Output>): grpc.ClientUnaryCall;
  advance(argument: _onceward_v1_AdvanceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_AdvanceResponse__Output>): grpc.ClientUnaryCall;
  advance(argument: _onceward_v1_AdvanceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_AdvanceResponse__Output>): grpc.ClientUnaryCall;
  advance(argument: _onceward_v1_AdvanceRequest, callback: grpc.requestCallback<_onceward_v1_AdvanceResponse__Output>): grpc.ClientUnaryCall;
  
  Get(argument: _onceward_v1_SequenceServiceGetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_SequenceServiceGetResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _onceward_v1_SequenceServiceGetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_SequenceServiceGetResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _onceward_v1_SequenceServiceGetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_SequenceServiceGetResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _onceward_v1_SequenceServiceGetRequest, callback: grpc.requestCallback<_onceward_v1_SequenceServiceGetResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _onceward_v1_SequenceServiceGetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_SequenceServiceGetResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _onceward_v1_SequenceServiceGetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_SequenceServiceGetResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _onceward_v1_SequenceServiceGetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_SequenceServiceGetResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _onceward_v1_SequenceServiceGetRequest, callback: grpc.requestCallback<_onceward_v1_SequenceServiceGetResponse__Output>): grpc.ClientUnaryCall;
  
  Reset(argument: _onceward_v1_ResetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ResetResponse__Output>): grpc.ClientUnaryCall;
  Reset(argument: _onceward_v1_ResetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_ResetResponse__Output>): grpc.ClientUnaryCall;
  Reset(argument: _onceward_v1_ResetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ResetResponse__Output>): grpc.ClientUnaryCall;
  Reset(argument: _onceward_v1_ResetRequest, callback: grpc.requestCallback<_onceward_v1_ResetResponse__Output>): grpc.ClientUnaryCall;
  reset(argument: _onceward_v1_ResetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ResetResponse__Output>): grpc.ClientUnaryCall;
  reset(argument: _onceward_v1_ResetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_ResetResponse__Output>): grpc.ClientUnaryCall;
  reset(argument: _onceward_v1_ResetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ResetResponse__Output>): grpc.ClientUnaryCall;
  reset(argument: _onceward_v1_ResetRequest, callback: grpc.requestCallback<_onceward_v1_ResetResponse__Output>): grpc.ClientUnaryCall;
  
  Skip(argument: _onceward_v1_SkipRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_SkipResponse__Output>): grpc.ClientUnaryCall;
  Skip(argument: _onceward_v1_SkipRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_SkipResponse__Output>): grpc.ClientUnaryCall;
  Skip(argument: _onceward_v1_SkipRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_SkipResponse__Output>): grpc.ClientUnaryCall;
  Skip(argument: _onceward_v1_SkipRequest, callback: grpc.requestCallback<_onceward_v1_SkipResponse__Output>): grpc.ClientUnaryCall;
  skip(argument: _onceward_v1_SkipRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_SkipResponse__Output>): grpc.ClientUnaryCall;
  skip(argument: _onceward_v1_SkipRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_SkipResponse__Output>): grpc.ClientUnaryCall;
  skip(argument: _onceward_v1_SkipRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_SkipResponse__Output>): grpc.ClientUnaryCall;
  skip(argument: _onceward_v1_SkipRequest, callback: grpc.requestCallback<_onceward_v1_SkipResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface SequenceServiceHandlers extends grpc.UntypedServiceImplementation {
  Advance: grpc.handleUnaryCall<_onceward_v1_AdvanceRequest__Output, _onceward_v1_AdvanceResponse>;
  
  Get: grpc.handleUnaryCall<_onceward_v1_SequenceServiceGetRequest__Output, _onceward_v1_SequenceServiceGetResponse>;
  
  Reset: grpc.handleUnaryCall<_onceward_v1_ResetRequest__Output, _onceward_v1_ResetResponse>;
  
  Skip: grpc.handleUnaryCall<_onceward_v1_SkipRequest__Output, _onceward_v1_SkipResponse>;
  
}

export interface SequenceServiceDefinition extends grpc.ServiceDefinition {
  Advance: MethodDefinition<_onceward_v1_AdvanceRequest, _onceward_v1_AdvanceResponse, _onceward_v1_AdvanceRequest__Output, _onceward_v1_AdvanceResponse__Output>
  Get: MethodDefinition<_onceward_v1_SequenceServiceGetRequest, _onceward_v1_SequenceServiceGetResponse, _onceward_v1_SequenceServiceGetRequest__Output, _onceward_v1_SequenceServiceGetResponse__Output>
  Reset: MethodDefinition<_onceward_v1_ResetRequest, _onceward_v1_ResetResponse, _onceward_v1_ResetRequest__Output, _onceward_v1_ResetResponse__Output>
  Skip: MethodDefinition<_onceward_v1_SkipRequest, _onceward_v1_SkipResponse, _onceward_v1_SkipRequest__Output, _onceward_v1_SkipResponse__Output>
}
