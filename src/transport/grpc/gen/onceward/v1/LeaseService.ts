// Original file: proto/onceward/v1/lease.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AcquireRequest as _onceward_v1_AcquireRequest, AcquireRequest__Output as _onceward_v1_AcquireRequest__Output } from '../../onceward/v1/AcquireRequest.ts';
import type { AcquireResponse as _onceward_v1_AcquireResponse, AcquireResponse__Output as _onceward_v1_AcquireResponse__Output } from '../../onceward/v1/AcquireResponse.ts';
import type { CheckFenceRequest as _onceward_v1_CheckFenceRequest, CheckFenceRequest__Output as _onceward_v1_CheckFenceRequest__Output } from '../../onceward/v1/CheckFenceRequest.ts';
import type { CheckFenceResponse as _onceward_v1_CheckFenceResponse, CheckFenceResponse__Output as _onceward_v1_CheckFenceResponse__Output } from '../../onceward/v1/CheckFenceResponse.ts';
import type { ForceReleaseRequest as _onceward_v1_ForceReleaseRequest, ForceReleaseRequest__Output as _onceward_v1_ForceReleaseRequest__Output } from '../../onceward/v1/ForceReleaseRequest.ts';
import type { ForceReleaseResponse as _onceward_v1_ForceReleaseResponse, ForceReleaseResponse__Output as _onceward_v1_ForceReleaseResponse__Output } from '../../onceward/v1/ForceReleaseResponse.ts';
import type { InspectRequest as _onceward_v1_InspectRequest, InspectRequest__Output as _onceward_v1_InspectRequest__Output } from '../../onceward/v1/InspectRequest.ts';
import type { InspectResponse as _onceward_v1_InspectResponse, InspectResponse__Output as _onceward_v1_InspectResponse__Output } from '../../onceward/v1/InspectResponse.ts';
import type { KeepAliveRequest as _onceward_v1_KeepAliveRequest, KeepAliveRequest__Output as _onceward_v1_KeepAliveRequest__Output } from '../../onceward/v1/KeepAliveRequest.ts';
import type { KeepAliveResponse as _onceward_v1_KeepAliveResponse, KeepAliveResponse__Output as _onceward_v1_KeepAliveResponse__Output } from '../../onceward/v1/KeepAliveResponse.ts';
import type { LeaseServiceReleaseRequest as _onceward_v1_LeaseServiceReleaseRequest, LeaseServiceReleaseRequest__Output as _onceward_v1_LeaseServiceReleaseRequest__Output } from '../../onceward/v1/LeaseServiceReleaseRequest.ts';
import type { LeaseServiceReleaseResponse as _onceward_v1_LeaseServiceReleaseResponse, LeaseServiceReleaseResponse__Output as _onceward_v1_LeaseServiceReleaseResponse__Output } from '../../onceward/v1/LeaseServiceReleaseResponse.ts';
import type { LeaseServiceRenewRequest as _onceward_v1_LeaseServiceRenewRequest, LeaseServiceRenewRequest__Output as _onceward_v1_LeaseServiceRenewRequest__Output } from '../../onceward/v1/LeaseServiceRenewRequest.ts';
import type { LeaseServiceRenewResponse as _onceward_v1_LeaseServiceRenewResponse, LeaseServiceRenewResponse__Output as _onceward_v1_LeaseServiceRenewResponse__Output } from '../../onceward/v1/LeaseServiceRenewResponse.ts';
import type { ListRequest as _onceward_v1_ListRequest, ListRequest__Output as _onceward_v1_ListRequest__Output } from '../../onceward/v1/ListRequest.ts';
import type { ListResponse as _onceward_v1_ListResponse, ListResponse__Output as _onceward_v1_ListResponse__Output } from '../../onceward/v1/ListResponse.ts';

export interface LeaseServiceClient extends grpc.Client {
  Acquire(argument: _onceward_v1_AcquireRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  Acquire(argument: _onceward_v1_AcquireRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  Acquire(argument: _onceward_v1_AcquireRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  Acquire(argument: _onceward_v1_AcquireRequest, callback: grpc.requestCallback<_onceward_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  acquire(argument: _onceward_v1_AcquireRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  acquire(argument: _onceward_v1_AcquireRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  acquire(argument: _onceward_v1_AcquireRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  acquire(argument: _onceward_v1_AcquireRequest, callback: grpc.requestCallback<_onceward_v1_AcquireResponse__Output>): grpc.ClientUnaryCall;
  
  CheckFence(argument: _onceward_v1_CheckFenceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CheckFenceResponse__Output>): grpc.ClientUnaryCall;
  CheckFence(argument: _onceward_v1_CheckFenceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_CheckFenceResponse__Output>): grpc.ClientUnaryCall;
  CheckFence(argument: _onceward_v1_CheckFenceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CheckFenceResponse__Output>): grpc.ClientUnaryCall;
  CheckFence(argument: _onceward_v1_CheckFenceRequest, callback: grpc.requestCallback<_onceward_v1_CheckFenceResponse__Output>): grpc.ClientUnaryCall;
  checkFence(argument: _onceward_v1_CheckFenceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CheckFenceResponse__Output>): grpc.ClientUnaryCall;
  checkFence(argument: _onceward_v1_CheckFenceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_CheckFenceResponse__Output>): grpc.ClientUnaryCall;
  checkFence(argument: _onceward_v1_CheckFenceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_CheckFenceResponse__Output>): grpc.ClientUnaryCall;
  checkFence(argument: _onceward_v1_CheckFenceRequest, callback: grpc.requestCallback<_onceward_v1_CheckFenceResponse__Output>): grpc.ClientUnaryCall;
  
  ForceRelease(argument: _onceward_v1_ForceReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  ForceRelease(argument: _onceward_v1_ForceReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  ForceRelease(argument: _onceward_v1_ForceReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  ForceRelease(argument: _onceward_v1_ForceReleaseRequest, callback: grpc.requestCallback<_onceward_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  forceRelease(argument: _onceward_v1_ForceReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  forceRelease(argument: _onceward_v1_ForceReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  forceRelease(argument: _onceward_v1_ForceReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  forceRelease(argument: _onceward_v1_ForceReleaseRequest, callback: grpc.requestCallback<_onceward_v1_ForceReleaseResponse__Output>): grpc.ClientUnaryCall;
  
  Inspect(argument: _onceward_v1_InspectRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_InspectResponse__Output>): grpc.ClientUnaryCall;
  Inspect(argument: _onceward_v1_InspectRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_InspectResponse__Output>): grpc.ClientUnaryCall;
  Inspect(argument: _onceward_v1_InspectRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_InspectResponse__Output>): grpc.ClientUnaryCall;
  Inspect(argument: _onceward_v1_InspectRequest, callback: grpc.requestCallback<_onceward_v1_InspectResponse__Output>): grpc.ClientUnaryCall;
  inspect(argument: _onceward_v1_InspectRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_InspectResponse__Output>): grpc.ClientUnaryCall;
  inspect(argument: _onceward_v1_InspectRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_InspectResponse__Output>): grpc.ClientUnaryCall;
  inspect(argument: _onceward_v1_InspectRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_InspectResponse__Output>): grpc.ClientUnaryCall;
  inspect(argument: _onceward_v1_InspectRequest, callback: grpc.requestCallback<_onceward_v1_InspectResponse__Output>): grpc.ClientUnaryCall;
  
  KeepAlive(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_onceward_v1_KeepAliveRequest, _onceward_v1_KeepAliveResponse__Output>;
  KeepAlive(options?: grpc.CallOptions): grpc.ClientDuplexStream<_onceward_v1_KeepAliveRequest, _onceward_v1_KeepAliveResponse__Output>;
  keepAlive(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_onceward_v1_KeepAliveRequest, _onceward_v1_KeepAliveResponse__Output>;
  keepAlive(options?: grpc.CallOptions): grpc.ClientDuplexStream<_onceward_v1_KeepAliveRequest, _onceward_v1_KeepAliveResponse__Output>;
  
  List(argument: _onceward_v1_ListRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ListResponse__Output>): grpc.ClientUnaryCall;
  List(argument: _onceward_v1_ListRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_ListResponse__Output>): grpc.ClientUnaryCall;
  List(argument: _onceward_v1_ListRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ListResponse__Output>): grpc.ClientUnaryCall;
  List(argument: _onceward_v1_ListRequest, callback: grpc.requestCallback<_onceward_v1_ListResponse__Output>): grpc.ClientUnaryCall;
  list(argument: _onceward_v1_ListRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ListResponse__Output>): grpc.ClientUnaryCall;
  list(argument: _onceward_v1_ListRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_ListResponse__Output>): grpc.ClientUnaryCall;
  list(argument: _onceward_v1_ListRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ListResponse__Output>): grpc.ClientUnaryCall;
  list(argument: _onceward_v1_ListRequest, callback: grpc.requestCallback<_onceward_v1_ListResponse__Output>): grpc.ClientUnaryCall;
  
  Release(argument: _onceward_v1_LeaseServiceReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_LeaseServiceReleaseResponse__Output>): grpc.ClientUnaryCall;
  Release(argument: _onceward_v1_LeaseServiceReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_LeaseServiceReleaseResponse__Output>): grpc.ClientUnaryCall;
  Release(argument: _onceward_v1_LeaseServiceReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_LeaseServiceReleaseResponse__Output>): grpc.ClientUnaryCall;
  Release(argument: _onceward_v1_LeaseServiceReleaseRequest, callback: grpc.requestCallback<_onceward_v1_LeaseServiceReleaseResponse__Output>): grpc.ClientUnaryCall;
  release(argument: _onceward_v1_LeaseServiceReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_LeaseServiceReleaseResponse__Output>): grpc.ClientUnaryCall;
  release(argument: _onceward_v1_LeaseServiceReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_LeaseServiceReleaseResponse__Output>): grpc.ClientUnaryCall;
  release(argument: _onceward_v1_LeaseServiceReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_LeaseServiceReleaseResponse__Output>): grpc.ClientUnaryCall;
  release(argument: _onceward_v1_LeaseServiceReleaseRequest, callback: grpc.requestCallback<_onceward_v1_LeaseServiceReleaseResponse__Output>): grpc.ClientUnaryCall;
  
  Renew(argument: _onceward_v1_LeaseServiceRenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_LeaseServiceRenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _onceward_v1_LeaseServiceRenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_LeaseServiceRenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _onceward_v1_LeaseServiceRenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_LeaseServiceRenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _onceward_v1_LeaseServiceRenewRequest, callback: grpc.requestCallback<_onceward_v1_LeaseServiceRenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _onceward_v1_LeaseServiceRenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_LeaseServiceRenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _onceward_v1_LeaseServiceRenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_LeaseServiceRenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _onceward_v1_LeaseServiceRenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_LeaseServiceRenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _onceward_v1_LeaseServiceRenewRequest, callback: grpc.requestCallback<_onceward_v1_LeaseServiceRenewResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface LeaseServiceHandlers extends grpc.UntypedServiceImplementation {
  Acquire: grpc.handleUnaryCall<_onceward_v1_AcquireRequest__Output, _onceward_v1_AcquireResponse>;
  
  CheckFence: grpc.handleUnaryCall<_onceward_v1_CheckFenceRequest__Output, _onceward_v1_CheckFenceResponse>;
  
  ForceRelease: grpc.handleUnaryCall<_onceward_v1_ForceReleaseRequest__Output, _onceward_v1_ForceReleaseResponse>;
  
  Inspect: grpc.handleUnaryCall<_onceward_v1_InspectRequest__Output, _onceward_v1_InspectResponse>;
  
  KeepAlive: grpc.handleBidiStreamingCall<_onceward_v1_KeepAliveRequest__Output, _onceward_v1_KeepAliveResponse>;
  
  List: grpc.handleUnaryCall<_onceward_v1_ListRequest__Output, _onceward_v1_ListResponse>;
  
  Release: grpc.handleUnaryCall<_onceward_v1_LeaseServiceReleaseRequest__Output, _onceward_v1_LeaseServiceReleaseResponse>;
  
  Renew: grpc.handleUnaryCall<_onceward_v1_LeaseServiceRenewRequest__Output, _onceward_v1_LeaseServiceRenewResponse>;
  
}

export interface LeaseServiceDefinition extends grpc.ServiceDefinition {
  Acquire: MethodDefinition<_onceward_v1_AcquireRequest, _onceward_v1_AcquireResponse, _onceward_v1_AcquireRequest__Output, _onceward_v1_AcquireResponse__Output>
  CheckFence: MethodDefinition<_onceward_v1_CheckFenceRequest, _onceward_v1_CheckFenceResponse, _onceward_v1_CheckFenceRequest__Output, _onceward_v1_CheckFenceResponse__Output>
  ForceRelease: MethodDefinition<_onceward_v1_ForceReleaseRequest, _onceward_v1_ForceReleaseResponse, _onceward_v1_ForceReleaseRequest__Output, _onceward_v1_ForceReleaseResponse__Output>
  Inspect: MethodDefinition<_onceward_v1_InspectRequest, _onceward_v1_InspectResponse, _onceward_v1_InspectRequest__Output, _onceward_v1_InspectResponse__Output>
  KeepAlive: MethodDefinition<_onceward_v1_KeepAliveRequest, _onceward_v1_KeepAliveResponse, _onceward_v1_KeepAliveRequest__Output, _onceward_v1_KeepAliveResponse__Output>
  List: MethodDefinition<_onceward_v1_ListRequest, _onceward_v1_ListResponse, _onceward_v1_ListRequest__Output, _onceward_v1_ListResponse__Output>
  Release: MethodDefinition<_onceward_v1_LeaseServiceReleaseRequest, _onceward_v1_LeaseServiceReleaseResponse, _onceward_v1_LeaseServiceReleaseRequest__Output, _onceward_v1_LeaseServiceReleaseResponse__Output>
  Renew: MethodDefinition<_onceward_v1_LeaseServiceRenewRequest, _onceward_v1_LeaseServiceRenewResponse, _onceward_v1_LeaseServiceRenewRequest__Output, _onceward_v1_LeaseServiceRenewResponse__Output>
}
