// Original file: proto/onceward/v1/idempotency.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { BeginBatchRequest as _onceward_v1_BeginBatchRequest, BeginBatchRequest__Output as _onceward_v1_BeginBatchRequest__Output } from '../../onceward/v1/BeginBatchRequest.ts';
import type { BeginBatchResponse as _onceward_v1_BeginBatchResponse, BeginBatchResponse__Output as _onceward_v1_BeginBatchResponse__Output } from '../../onceward/v1/BeginBatchResponse.ts';
import type { BeginRequest as _onceward_v1_BeginRequest, BeginRequest__Output as _onceward_v1_BeginRequest__Output } from '../../onceward/v1/BeginRequest.ts';
import type { BeginResponse as _onceward_v1_BeginResponse, BeginResponse__Output as _onceward_v1_BeginResponse__Output } from '../../onceward/v1/BeginResponse.ts';
import type { CheckpointRequest as _onceward_v1_CheckpointRequest, CheckpointRequest__Output as _onceward_v1_CheckpointRequest__Output } from '../../onceward/v1/CheckpointRequest.ts';
import type { CheckpointResponse as _onceward_v1_CheckpointResponse, CheckpointResponse__Output as _onceward_v1_CheckpointResponse__Output } from '../../onceward/v1/CheckpointResponse.ts';
import type { CompleteBatchRequest as _onceward_v1_CompleteBatchRequest, CompleteBatchRequest__Output as _onceward_v1_CompleteBatchRequest__Output } from '../../onceward/v1/CompleteBatchRequest.ts';
import type { CompleteBatchResponse as _onceward_v1_CompleteBatchResponse, CompleteBatchResponse__Output as _onceward_v1_CompleteBatchResponse__Output } from '../../onceward/v1/CompleteBatchResponse.ts';
import type { CompleteRequest as _onceward_v1_CompleteRequest, CompleteRequest__Output as _onceward_v1_CompleteRequest__Output } from '../../onceward/v1/CompleteRequest.ts';
import type { CompleteResponse as _onceward_v1_CompleteResponse, CompleteResponse__Output as _onceward_v1_CompleteResponse__Output } from '../../onceward/v1/CompleteResponse.ts';
import type { GetRequest as _onceward_v1_GetRequest, GetRequest__Output as _onceward_v1_GetRequest__Output } from '../../onceward/v1/GetRequest.ts';
import type { GetResponse as _onceward_v1_GetResponse, GetResponse__Output as _onceward_v1_GetResponse__Output } from '../../onceward/v1/GetResponse.ts';
import type { ReleaseRequest as _onceward_v1_ReleaseRequest, ReleaseRequest__Output as _onceward_v1_ReleaseRequest__Output } from '../../onceward/v1/ReleaseRequest.ts';
import type { ReleaseResponse as _onceward_v1_ReleaseResponse, ReleaseResponse__Output as _onceward_v1_ReleaseResponse__Output } from '../../onceward/v1/ReleaseResponse.ts';
import type { RenewRequest as _onceward_v1_RenewRequest, RenewRequest__Output as _onceward_v1_RenewRequest__Output } from '../../onceward/v1/RenewRequest.ts';
import type { RenewResponse as _onceward_v1_RenewResponse, RenewResponse__Output as _onceward_v1_RenewResponse__Output } from '../../onceward/v1/RenewResponse.ts';
import type { SessionRequest as _onceward_v1_SessionRequest, SessionRequest__Output as _onceward_v1_SessionRequest__Output } from '../../onceward/v1/SessionRequest.ts';
import type { SessionResponse as _onceward_v1_SessionResponse, SessionResponse__Output as _onceward_v1_SessionResponse__Output } from '../../onceward/v1/SessionResponse.ts';

export interface IdempotencyServiceClient extends grpc.Client {
  Begin(argument: _onceward_v1_BeginRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_BeginResponse__Output>): grpc.ClientUnaryCall;
  Begin(argument: _onceward_v1_BeginRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_BeginResponse__Output>): grpc.ClientUnaryCall;
  Begin(argument: _onceward_v1_BeginRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_BeginResponse__Output>): grpc.ClientUnaryCall;
  Begin(argument: _onceward_v1_BeginRequest, callback: grpc.requestCallback<_onceward_v1_BeginResponse__Output>): grpc.ClientUnaryCall;
  begin(argument: _onceward_v1_BeginRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_BeginResponse__Output>): grpc.ClientUnaryCall;
  begin(argument: _onceward_v1_BeginRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_BeginResponse__Output>): grpc.ClientUnaryCall;
  begin(argument: _onceward_v1_BeginRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_BeginResponse__Output>): grpc.ClientUnaryCall;
  begin(argument: _onceward_v1_BeginRequest, callback: grpc.requestCallback<_onceward_v1_BeginResponse__Output>): grpc.ClientUnaryCall;
  
  BeginBatch(argument: _onceward_v1_BeginBatchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_BeginBatchResponse__Output>): grpc.ClientUnaryCall;
  BeginBatch(argument: _onceward_v1_BeginBatchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_BeginBatchResponse__Output>): grpc.ClientUnaryCall;
  BeginBatch(argument: _onceward_v1_BeginBatchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_BeginBatchResponse__Output>): grpc.ClientUnaryCall;
  BeginBatch(argument: _onceward_v1_BeginBatchRequest, callback: grpc.requestCallback<_onceward_v1_BeginBatchResponse__Output>): grpc.ClientUnaryCall;
  beginBatch(argument: _onceward_v1_BeginBatchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_BeginBatchResponse__Output>): grpc.ClientUnaryCall;
  beginBatch(argument: _onceward_v1_BeginBatchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_BeginBatchResponse__Output>): grpc.ClientUnaryCall;
  beginBatch(argument: _onceward_v1_BeginBatchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_BeginBatchResponse__Output>): grpc.ClientUnaryCall;
  beginBatch(argument: _onceward_v1_BeginBatchRequest, callback: grpc.requestCallback<_onceward_v1_BeginBatchResponse__Output>): grpc.ClientUnaryCall;
  
  Checkpoint(argument: _onceward_v1_CheckpointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CheckpointResponse__Output>): grpc.ClientUnaryCall;
  Checkpoint(argument: _onceward_v1_CheckpointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_CheckpointResponse__Output>): grpc.ClientUnaryCall;
  Checkpoint(argument: _onceward_v1_CheckpointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CheckpointResponse__Output>): grpc.ClientUnaryCall;
  Checkpoint(argument: _onceward_v1_CheckpointRequest, callback: grpc.requestCallback<_onceward_v1_CheckpointResponse__Output>): grpc.ClientUnaryCall;
  checkpoint(argument: _onceward_v1_CheckpointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CheckpointResponse__Output>): grpc.ClientUnaryCall;
  checkpoint(argument: _onceward_v1_CheckpointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_CheckpointResponse__Output>): grpc.ClientUnaryCall;
  checkpoint(argument: _onceward_v1_CheckpointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CheckpointResponse__Output>): grpc.ClientUnaryCall;
  checkpoint(argument: _onceward_v1_CheckpointRequest, callback: grpc.requestCallback<_onceward_v1_CheckpointResponse__Output>): grpc.ClientUnaryCall;
  
  Complete(argument: _onceward_v1_CompleteRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CompleteResponse__Output>): grpc.ClientUnaryCall;
  Complete(argument: _onceward_v1_CompleteRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_CompleteResponse__Output>): grpc.ClientUnaryCall;
  Complete(argument: _onceward_v1_CompleteRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CompleteResponse__Output>): grpc.ClientUnaryCall;
  Complete(argument: _onceward_v1_CompleteRequest, callback: grpc.requestCallback<_onceward_v1_CompleteResponse__Output>): grpc.ClientUnaryCall;
  complete(argument: _onceward_v1_CompleteRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CompleteResponse__Output>): grpc.ClientUnaryCall;
  complete(argument: _onceward_v1_CompleteRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_CompleteResponse__Output>): grpc.ClientUnaryCall;
  complete(argument: _onceward_v1_CompleteRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CompleteResponse__Output>): grpc.ClientUnaryCall;
  complete(argument: _onceward_v1_CompleteRequest, callback: grpc.requestCallback<_onceward_v1_CompleteResponse__Output>): grpc.ClientUnaryCall;
  
  CompleteBatch(argument: _onceward_v1_CompleteBatchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CompleteBatchResponse__Output>): grpc.ClientUnaryCall;
  CompleteBatch(argument: _onceward_v1_CompleteBatchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_CompleteBatchResponse__Output>): grpc.ClientUnaryCall;
  CompleteBatch(argument: _onceward_v1_CompleteBatchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CompleteBatchResponse__Output>): grpc.ClientUnaryCall;
  CompleteBatch(argument: _onceward_v1_CompleteBatchRequest, callback: grpc.requestCallback<_onceward_v1_CompleteBatchResponse__Output>): grpc.ClientUnaryCall;
  completeBatch(argument: _onceward_v1_CompleteBatchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CompleteBatchResponse__Output>): grpc.ClientUnaryCall;
  completeBatch(argument: _onceward_v1_CompleteBatchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_CompleteBatchResponse__Output>): grpc.ClientUnaryCall;
  completeBatch(argument: _onceward_v1_CompleteBatchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CompleteBatchResponse__Output>): grpc.ClientUnaryCall;
  completeBatch(argument: _onceward_v1_CompleteBatchRequest, callback: grpc.requestCallback<_onceward_v1_CompleteBatchResponse__Output>): grpc.ClientUnaryCall;
  
  Get(argument: _onceward_v1_GetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _onceward_v1_GetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _onceward_v1_GetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _onceward_v1_GetRequest, callback: grpc.requestCallback<_onceward_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _onceward_v1_GetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _onceward_v1_GetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _onceward_v1_GetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _onceward_v1_GetRequest, callback: grpc.requestCallback<_onceward_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  
  Release(argument: _onceward_v1_ReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  Release(argument: _onceward_v1_ReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  Release(argument: _onceward_v1_ReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  Release(argument: _onceward_v1_ReleaseRequest, callback: grpc.requestCallback<_onceward_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  release(argument: _onceward_v1_ReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  release(argument: _onceward_v1_ReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  release(argument: _onceward_v1_ReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  release(argument: _onceward_v1_ReleaseRequest, callback: grpc.requestCallback<_onceward_v1_ReleaseResponse__Output>): grpc.ClientUnaryCall;
  
  Renew(argument: _onceward_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _onceward_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _onceward_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _onceward_v1_RenewRequest, callback: grpc.requestCallback<_onceward_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _onceward_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _onceward_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _onceward_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _onceward_v1_RenewRequest, callback: grpc.requestCallback<_onceward_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  
  Session(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_onceward_v1_SessionRequest, _onceward_v1_SessionResponse__Output>;
  Session(options?: grpc.CallOptions): grpc.ClientDuplexStream<_onceward_v1_SessionRequest, _onceward_v1_SessionResponse__Output>;
  session(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_onceward_v1_SessionRequest, _onceward_v1_SessionResponse__Output>;
  session(options?: grpc.CallOptions): grpc.ClientDuplexStream<_onceward_v1_SessionRequest, _onceward_v1_SessionResponse__Output>;
  
}

export interface IdempotencyServiceHandlers extends grpc.UntypedServiceImplementation {
  Begin: grpc.handleUnaryCall<_onceward_v1_BeginRequest__Output, _onceward_v1_BeginResponse>;
  
  BeginBatch: grpc.handleUnaryCall<_onceward_v1_BeginBatchRequest__Output, _onceward_v1_BeginBatchResponse>;
  
  Checkpoint: grpc.handleUnaryCall<_onceward_v1_CheckpointRequest__Output, _onceward_v1_CheckpointResponse>;
  
  Complete: grpc.handleUnaryCall<_onceward_v1_CompleteRequest__Output, _onceward_v1_CompleteResponse>;
  
  CompleteBatch: grpc.handleUnaryCall<_onceward_v1_CompleteBatchRequest__Output, _onceward_v1_CompleteBatchResponse>;
  
  Get: grpc.handleUnaryCall<_onceward_v1_GetRequest__Output, _onceward_v1_GetResponse>;
  
  Release: grpc.handleUnaryCall<_onceward_v1_ReleaseRequest__Output, _onceward_v1_ReleaseResponse>;
  
  Renew: grpc.handleUnaryCall<_onceward_v1_RenewRequest__Output, _onceward_v1_RenewResponse>;
  
  Session: grpc.handleBidiStreamingCall<_onceward_v1_SessionRequest__Output, _onceward_v1_SessionResponse>;
  
}

export interface IdempotencyServiceDefinition extends grpc.ServiceDefinition {
  Begin: MethodDefinition<_onceward_v1_BeginRequest, _onceward_v1_BeginResponse, _onceward_v1_BeginRequest__Output, _onceward_v1_BeginResponse__Output>
  BeginBatch: MethodDefinition<_onceward_v1_BeginBatchRequest, _onceward_v1_BeginBatchResponse, _onceward_v1_BeginBatchRequest__Output, _onceward_v1_BeginBatchResponse__Output>
  Checkpoint: MethodDefinition<_onceward_v1_CheckpointRequest, _onceward_v1_CheckpointResponse, _onceward_v1_CheckpointRequest__Output, _onceward_v1_CheckpointResponse__Output>
  Complete: MethodDefinition<_onceward_v1_CompleteRequest, _onceward_v1_CompleteResponse, _onceward_v1_CompleteRequest__Output, _onceward_v1_CompleteResponse__Output>
  CompleteBatch: MethodDefinition<_onceward_v1_CompleteBatchRequest, _onceward_v1_CompleteBatchResponse, _onceward_v1_CompleteBatchRequest__Output, _onceward_v1_CompleteBatchResponse__Output>
  Get: MethodDefinition<_onceward_v1_GetRequest, _onceward_v1_GetResponse, _onceward_v1_GetRequest__Output, _onceward_v1_GetResponse__Output>
  Release: MethodDefinition<_onceward_v1_ReleaseRequest, _onceward_v1_ReleaseResponse, _onceward_v1_ReleaseRequest__Output, _onceward_v1_ReleaseResponse__Output>
  Renew: MethodDefinition<_onceward_v1_RenewRequest, _onceward_v1_RenewResponse, _onceward_v1_RenewRequest__Output, _onceward_v1_RenewResponse__Output>
  Session: MethodDefinition<_onceward_v1_SessionRequest, _onceward_v1_SessionResponse, _onceward_v1_SessionRequest__Output, _onceward_v1_SessionResponse__Output>
}
