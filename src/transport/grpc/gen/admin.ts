import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from './google/protobuf/Timestamp.ts';
import type { AdminServiceClient as _onceward_v1_AdminServiceClient, AdminServiceDefinition as _onceward_v1_AdminServiceDefinition } from './onceward/v1/AdminService.ts';
import type { Attempt as _onceward_v1_Attempt, Attempt__Output as _onceward_v1_Attempt__Output } from './onceward/v1/Attempt.ts';
import type { Checkpoint as _onceward_v1_Checkpoint, Checkpoint__Output as _onceward_v1_Checkpoint__Output } from './onceward/v1/Checkpoint.ts';
import type { Defaults as _onceward_v1_Defaults, Defaults__Output as _onceward_v1_Defaults__Output } from './onceward/v1/Defaults.ts';
import type { Fingerprint as _onceward_v1_Fingerprint, Fingerprint__Output as _onceward_v1_Fingerprint__Output } from './onceward/v1/Fingerprint.ts';
import type { ForgetRequest as _onceward_v1_ForgetRequest, ForgetRequest__Output as _onceward_v1_ForgetRequest__Output } from './onceward/v1/ForgetRequest.ts';
import type { ForgetResponse as _onceward_v1_ForgetResponse, ForgetResponse__Output as _onceward_v1_ForgetResponse__Output } from './onceward/v1/ForgetResponse.ts';
import type { GapWindow as _onceward_v1_GapWindow, GapWindow__Output as _onceward_v1_GapWindow__Output } from './onceward/v1/GapWindow.ts';
import type { GetServerInfoRequest as _onceward_v1_GetServerInfoRequest, GetServerInfoRequest__Output as _onceward_v1_GetServerInfoRequest__Output } from './onceward/v1/GetServerInfoRequest.ts';
import type { GetServerInfoResponse as _onceward_v1_GetServerInfoResponse, GetServerInfoResponse__Output as _onceward_v1_GetServerInfoResponse__Output } from './onceward/v1/GetServerInfoResponse.ts';
import type { GetStatsRequest as _onceward_v1_GetStatsRequest, GetStatsRequest__Output as _onceward_v1_GetStatsRequest__Output } from './onceward/v1/GetStatsRequest.ts';
import type { GetStatsResponse as _onceward_v1_GetStatsResponse, GetStatsResponse__Output as _onceward_v1_GetStatsResponse__Output } from './onceward/v1/GetStatsResponse.ts';
import type { LeaseInfo as _onceward_v1_LeaseInfo, LeaseInfo__Output as _onceward_v1_LeaseInfo__Output } from './onceward/v1/LeaseInfo.ts';
import type { LeaseNode as _onceward_v1_LeaseNode, LeaseNode__Output as _onceward_v1_LeaseNode__Output } from './onceward/v1/LeaseNode.ts';
import type { Limits as _onceward_v1_Limits, Limits__Output as _onceward_v1_Limits__Output } from './onceward/v1/Limits.ts';
import type { ListRecordsRequest as _onceward_v1_ListRecordsRequest, ListRecordsRequest__Output as _onceward_v1_ListRecordsRequest__Output } from './onceward/v1/ListRecordsRequest.ts';
import type { ListRecordsResponse as _onceward_v1_ListRecordsResponse, ListRecordsResponse__Output as _onceward_v1_ListRecordsResponse__Output } from './onceward/v1/ListRecordsResponse.ts';
import type { NamespaceStats as _onceward_v1_NamespaceStats, NamespaceStats__Output as _onceward_v1_NamespaceStats__Output } from './onceward/v1/NamespaceStats.ts';
import type { Ordering as _onceward_v1_Ordering, Ordering__Output as _onceward_v1_Ordering__Output } from './onceward/v1/Ordering.ts';
import type { OutcomeCount as _onceward_v1_OutcomeCount, OutcomeCount__Output as _onceward_v1_OutcomeCount__Output } from './onceward/v1/OutcomeCount.ts';
import type { Record as _onceward_v1_Record, Record__Output as _onceward_v1_Record__Output } from './onceward/v1/Record.ts';
import type { RecordAddress as _onceward_v1_RecordAddress, RecordAddress__Output as _onceward_v1_RecordAddress__Output } from './onceward/v1/RecordAddress.ts';
import type { ResolveRequest as _onceward_v1_ResolveRequest, ResolveRequest__Output as _onceward_v1_ResolveRequest__Output } from './onceward/v1/ResolveRequest.ts';
import type { ResolveResponse as _onceward_v1_ResolveResponse, ResolveResponse__Output as _onceward_v1_ResolveResponse__Output } from './onceward/v1/ResolveResponse.ts';
import type { Result as _onceward_v1_Result, Result__Output as _onceward_v1_Result__Output } from './onceward/v1/Result.ts';
import type { RetriedOperation as _onceward_v1_RetriedOperation, RetriedOperation__Output as _onceward_v1_RetriedOperation__Output } from './onceward/v1/RetriedOperation.ts';
import type { RetriedRecord as _onceward_v1_RetriedRecord, RetriedRecord__Output as _onceward_v1_RetriedRecord__Output } from './onceward/v1/RetriedRecord.ts';
import type { Shard as _onceward_v1_Shard, Shard__Output as _onceward_v1_Shard__Output } from './onceward/v1/Shard.ts';
import type { Topology as _onceward_v1_Topology, Topology__Output as _onceward_v1_Topology__Output } from './onceward/v1/Topology.ts';
import type { UnfinishedCount as _onceward_v1_UnfinishedCount, UnfinishedCount__Output as _onceward_v1_UnfinishedCount__Output } from './onceward/v1/UnfinishedCount.ts';
import type { Warning as _onceward_v1_Warning, Warning__Output as _onceward_v1_Warning__Output } from './onceward/v1/Warning.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Timestamp: MessageTypeDefinition<_google_protobuf_Timestamp, _google_protobuf_Timestamp__Output>
    }
  }
  onceward: {
    v1: {
      AdminService: SubtypeConstructor<typeof grpc.Client, _onceward_v1_AdminServiceClient> & { service: _onceward_v1_AdminServiceDefinition }
      Attempt: MessageTypeDefinition<_onceward_v1_Attempt, _onceward_v1_Attempt__Output>
      Checkpoint: MessageTypeDefinition<_onceward_v1_Checkpoint, _onceward_v1_Checkpoint__Output>
      Defaults: MessageTypeDefinition<_onceward_v1_Defaults, _onceward_v1_Defaults__Output>
      Fingerprint: MessageTypeDefinition<_onceward_v1_Fingerprint, _onceward_v1_Fingerprint__Output>
      ForgetRequest: MessageTypeDefinition<_onceward_v1_ForgetRequest, _onceward_v1_ForgetRequest__Output>
      ForgetResponse: MessageTypeDefinition<_onceward_v1_ForgetResponse, _onceward_v1_ForgetResponse__Output>
      GapWindow: MessageTypeDefinition<_onceward_v1_GapWindow, _onceward_v1_GapWindow__Output>
      GetServerInfoRequest: MessageTypeDefinition<_onceward_v1_GetServerInfoRequest, _onceward_v1_GetServerInfoRequest__Output>
      GetServerInfoResponse: MessageTypeDefinition<_onceward_v1_GetServerInfoResponse, _onceward_v1_GetServerInfoResponse__Output>
      GetStatsRequest: MessageTypeDefinition<_onceward_v1_GetStatsRequest, _onceward_v1_GetStatsRequest__Output>
      GetStatsResponse: MessageTypeDefinition<_onceward_v1_GetStatsResponse, _onceward_v1_GetStatsResponse__Output>
      LeaseInfo: MessageTypeDefinition<_onceward_v1_LeaseInfo, _onceward_v1_LeaseInfo__Output>
      LeaseNode: MessageTypeDefinition<_onceward_v1_LeaseNode, _onceward_v1_LeaseNode__Output>
      Limits: MessageTypeDefinition<_onceward_v1_Limits, _onceward_v1_Limits__Output>
      ListRecordsRequest: MessageTypeDefinition<_onceward_v1_ListRecordsRequest, _onceward_v1_ListRecordsRequest__Output>
      ListRecordsResponse: MessageTypeDefinition<_onceward_v1_ListRecordsResponse, _onceward_v1_ListRecordsResponse__Output>
      NamespaceStats: MessageTypeDefinition<_onceward_v1_NamespaceStats, _onceward_v1_NamespaceStats__Output>
      Ordering: MessageTypeDefinition<_onceward_v1_Ordering, _onceward_v1_Ordering__Output>
      OutcomeCount: MessageTypeDefinition<_onceward_v1_OutcomeCount, _onceward_v1_OutcomeCount__Output>
      Record: MessageTypeDefinition<_onceward_v1_Record, _onceward_v1_Record__Output>
      RecordAddress: MessageTypeDefinition<_onceward_v1_RecordAddress, _onceward_v1_RecordAddress__Output>
      ResolveRequest: MessageTypeDefinition<_onceward_v1_ResolveRequest, _onceward_v1_ResolveRequest__Output>
      ResolveResponse: MessageTypeDefinition<_onceward_v1_ResolveResponse, _onceward_v1_ResolveResponse__Output>
      Result: MessageTypeDefinition<_onceward_v1_Result, _onceward_v1_Result__Output>
      RetriedOperation: MessageTypeDefinition<_onceward_v1_RetriedOperation, _onceward_v1_RetriedOperation__Output>
      RetriedRecord: MessageTypeDefinition<_onceward_v1_RetriedRecord, _onceward_v1_RetriedRecord__Output>
      Shard: MessageTypeDefinition<_onceward_v1_Shard, _onceward_v1_Shard__Output>
      Topology: MessageTypeDefinition<_onceward_v1_Topology, _onceward_v1_Topology__Output>
      UnfinishedCount: MessageTypeDefinition<_onceward_v1_UnfinishedCount, _onceward_v1_UnfinishedCount__Output>
      Warning: MessageTypeDefinition<_onceward_v1_Warning, _onceward_v1_Warning__Output>
    }
  }
}

