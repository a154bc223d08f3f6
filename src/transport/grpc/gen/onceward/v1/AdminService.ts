// Original file: proto/onceward/v1/admin.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ForgetRequest as _onceward_v1_ForgetRequest, ForgetRequest__Output as _onceward_v1_ForgetRequest__Output } from '../../onceward/v1/ForgetRequest.ts';
import type { ForgetResponse as _onceward_v1_ForgetResponse, ForgetResponse__Output as _onceward_v1_ForgetResponse__Output } from '../../onceward/v1/ForgetResponse.ts';
import type { GetServerInfoRequest as _onceward_v1_GetServerInfoRequest, GetServerInfoRequest__Output as _onceward_v1_GetServerInfoRequest__Output } from '../../onceward/v1/GetServerInfoRequest.ts';
import type { GetServerInfoResponse as _onceward_v1_GetServerInfoResponse, GetServerInfoResponse__Output as _onceward_v1_GetServerInfoResponse__Output } from '../../onceward/v1/GetServerInfoResponse.ts';
import type { GetStatsRequest as _onceward_v1_GetStatsRequest, GetStatsRequest__Output as _onceward_v1_GetStatsRequest__Output } from '../../onceward/v1/GetStatsRequest.ts';
import type { GetStatsResponse as _onceward_v1_GetStatsResponse, GetStatsResponse__Output as _onceward_v1_GetStatsResponse__Output } from '../../onceward/v1/GetStatsResponse.ts';
import type { ListRecordsRequest as _onceward_v1_ListRecordsRequest, ListRecordsRequest__Output as _onceward_v1_ListRecordsRequest__Output } from '../../onceward/v1/ListRecordsRequest.ts';
import type { ListRecordsResponse as _onceward_v1_ListRecordsResponse, ListRecordsResponse__Output as _onceward_v1_ListRecordsResponse__Output } from '../../onceward/v1/ListRecordsResponse.ts';
import type { ResolveRequest as _onceward_v1_ResolveRequest, ResolveRequest__Output as _onceward_v1_ResolveRequest__Output } from '../../onceward/v1/ResolveRequest.ts';
import type { ResolveResponse as _onceward_v1_ResolveResponse, ResolveResponse__Output as _onceward_v1_ResolveResponse__Output } from '../../onceward/v1/ResolveResponse.ts';

export interface AdminServiceClient extends grpc.Client {
  Forget(argument: _onceward_v1_ForgetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ForgetResponse__Output>): grpc.ClientUnaryCall;
  Forget(argument: _onceward_v1_ForgetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_ForgetResponse__Output>): grpc.ClientUnaryCall;
  Forget(argument: _onceward_v1_ForgetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ForgetResponse__Output>): grpc.ClientUnaryCall;
  Forget(argument: _onceward_v1_ForgetRequest, callback: grpc.requestCallback<_onceward_v1_ForgetResponse__Output>): grpc.ClientUnaryCall;
  forget(argument: _onceward_v1_ForgetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ForgetResponse__Output>): grpc.ClientUnaryCall;
  forget(argument: _onceward_v1_ForgetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_ForgetResponse__Output>): grpc.ClientUnaryCall;
  forget(argument: _onceward_v1_ForgetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ForgetResponse__Output>): grpc.ClientUnaryCall;
  forget(argument: _onceward_v1_ForgetRequest, callback: grpc.requestCallback<_onceward_v1_ForgetResponse__Output>): grpc.ClientUnaryCall;
  
  GetServerInfo(argument: _onceward_v1_GetServerInfoRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  GetServerInfo(argument: _onceward_v1_GetServerInfoRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  GetServerInfo(argument: _onceward_v1_GetServerInfoRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  GetServerInfo(argument: _onceward_v1_GetServerInfoRequest, callback: grpc.requestCallback<_onceward_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  getServerInfo(argument: _onceward_v1_GetServerInfoRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  getServerInfo(argument: _onceward_v1_GetServerInfoRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  getServerInfo(argument: _onceward_v1_GetServerInfoRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  getServerInfo(argument: _onceward_v1_GetServerInfoRequest, callback: grpc.requestCallback<_onceward_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  
  GetStats(argument: _onceward_v1_GetStatsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  GetStats(argument: _onceward_v1_GetStatsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  GetStats(argument: _onceward_v1_GetStatsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  GetStats(argument: _onceward_v1_GetStatsRequest, callback: grpc.requestCallback<_onceward_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  getStats(argument: _onceward_v1_GetStatsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  getStats(argument: _onceward_v1_GetStatsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  getStats(argument: _onceward_v1_GetStatsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  getStats(argument: _onceward_v1_GetStatsRequest, callback: grpc.requestCallback<_onceward_v1_GetStatsResponse__Output>): grpc.ClientUnaryCall;
  
  ListRecords(argument: _onceward_v1_ListRecordsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ListRecordsResponse__Output>): grpc.ClientUnaryCall;
  ListRecords(argument: _onceward_v1_ListRecordsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_ListRecordsResponse__Output>): grpc.ClientUnaryCall;
  ListRecords(argument: _onceward_v1_ListRecordsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ListRecordsResponse__Output>): grpc.ClientUnaryCall;
  ListRecords(argument: _onceward_v1_ListRecordsRequest, callback: grpc.requestCallback<_onceward_v1_ListRecordsResponse__Output>): grpc.ClientUnaryCall;
  listRecords(argument: _onceward_v1_ListRecordsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ListRecordsResponse__Output>): grpc.ClientUnaryCall;
  listRecords(argument: _onceward_v1_ListRecordsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_ListRecordsResponse__Output>): grpc.ClientUnaryCall;
  listRecords(argument: _onceward_v1_ListRecordsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ListRecordsResponse__Output>): grpc.ClientUnaryCall;
  listRecords(argument: _onceward_v1_ListRecordsRequest, callback: grpc.requestCallback<_onceward_v1_ListRecordsResponse__Output>): grpc.ClientUnaryCall;
  
  Resolve(argument: _onceward_v1_ResolveRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ResolveResponse__Output>): grpc.ClientUnaryCall;
  Resolve(argument: _onceward_v1_ResolveRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_ResolveResponse__Output>): grpc.ClientUnaryCall;
  Resolve(argument: _onceward_v1_ResolveRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ResolveResponse__Output>): grpc.ClientUnaryCall;
  Resolve(argument: _onceward_v1_ResolveRequest, callback: grpc.requestCallback<_onceward_v1_ResolveResponse__Output>): grpc.ClientUnaryCall;
  resolve(argument: _onceward_v1_ResolveRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ResolveResponse__Output>): grpc.ClientUnaryCall;
  resolve(argument: _onceward_v1_ResolveRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_onceward_v1_ResolveResponse__Output>): grpc.ClientUnaryCall;
  resolve(argument: _onceward_v1_ResolveRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_onceward_v1_ResolveResponse__Output>): grpc.ClientUnaryCall;
  resolve(argument: _onceward_v1_ResolveRequest, callback: grpc.requestCallback<_onceward_v1_ResolveResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface AdminServiceHandlers extends grpc.UntypedServiceImplementation {
  Forget: grpc.handleUnaryCall<_onceward_v1_ForgetRequest__Output, _onceward_v1_ForgetResponse>;
  
  GetServerInfo: grpc.handleUnaryCall<_onceward_v1_GetServerInfoRequest__Output, _onceward_v1_GetServerInfoResponse>;
  
  GetStats: grpc.handleUnaryCall<_onceward_v1_GetStatsRequest__Output, _onceward_v1_GetStatsResponse>;
  
  ListRecords: grpc.handleUnaryCall<_onceward_v1_ListRecordsRequest__Output, _onceward_v1_ListRecordsResponse>;
  
  Resolve: grpc.handleUnaryCall<_onceward_v1_ResolveRequest__Output, _onceward_v1_ResolveResponse>;
  
}

export interface AdminServiceDefinition extends grpc.ServiceDefinition {
  Forget: MethodDefinition<_onceward_v1_ForgetRequest, _onceward_v1_ForgetResponse, _onceward_v1_ForgetRequest__Output, _onceward_v1_ForgetResponse__Output>
  GetServerInfo: MethodDefinition<_onceward_v1_GetServerInfoRequest, _onceward_v1_GetServerInfoResponse, _onceward_v1_GetServerInfoRequest__Output, _onceward_v1_GetServerInfoResponse__Output>
  GetStats: MethodDefinition<_onceward_v1_GetStatsRequest, _onceward_v1_GetStatsResponse, _onceward_v1_GetStatsRequest__Output, _onceward_v1_GetStatsResponse__Output>
  ListRecords: MethodDefinition<_onceward_v1_ListRecordsRequest, _onceward_v1_ListRecordsResponse, _onceward_v1_ListRecordsRequest__Output, _onceward_v1_ListRecordsResponse__Output>
  Resolve: MethodDefinition<_onceward_v1_ResolveRequest, _onceward_v1_ResolveResponse, _onceward_v1_ResolveRequest__Output, _onceward_v1_ResolveResponse__Output>
}
