import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from './google/protobuf/Timestamp.ts';
import type { AcquireRequest as _onceward_v1_AcquireRequest, AcquireRequest__Output as _onceward_v1_AcquireRequest__Output } from './onceward/v1/AcquireRequest.ts';
import type { AcquireResponse as _onceward_v1_AcquireResponse, AcquireResponse__Output as _onceward_v1_AcquireResponse__Output } from './onceward/v1/AcquireResponse.ts';
import type { CheckFenceRequest as _onceward_v1_CheckFenceRequest, CheckFenceRequest__Output as _onceward_v1_CheckFenceRequest__Output } from './onceward/v1/CheckFenceRequest.ts';
import type { CheckFenceResponse as _onceward_v1_CheckFenceResponse, CheckFenceResponse__Output as _onceward_v1_CheckFenceResponse__Output } from './onceward/v1/CheckFenceResponse.ts';
import type { ForceReleaseRequest as _onceward_v1_ForceReleaseRequest, ForceReleaseRequest__Output as _onceward_v1_ForceReleaseRequest__Output } from './onceward/v1/ForceReleaseRequest.ts';
import type { ForceReleaseResponse as _onceward_v1_ForceReleaseResponse, ForceReleaseResponse__Output as _onceward_v1_ForceReleaseResponse__Output } from './onceward/v1/ForceReleaseResponse.ts';
import type { InspectRequest as _onceward_v1_InspectRequest, InspectRequest__Output as _onceward_v1_InspectRequest__Output } from './onceward/v1/InspectRequest.ts';
import type { InspectResponse as _onceward_v1_InspectResponse, InspectResponse__Output as _onceward_v1_InspectResponse__Output } from './onceward/v1/InspectResponse.ts';
import type { KeepAliveRequest as _onceward_v1_KeepAliveRequest, KeepAliveRequest__Output as _onceward_v1_KeepAliveRequest__Output } from './onceward/v1/KeepAliveRequest.ts';
import type { KeepAliveResponse as _onceward_v1_KeepAliveResponse, KeepAliveResponse__Output as _onceward_v1_KeepAliveResponse__Output } from './onceward/v1/KeepAliveResponse.ts';
import type { Lease as _onceward_v1_Lease, Lease__Output as _onceward_v1_Lease__Output } from './onceward/v1/Lease.ts';
import type { LeaseServiceClient as _onceward_v1_LeaseServiceClient, LeaseServiceDefinition as _onceward_v1_LeaseServiceDefinition } from './onceward/v1/LeaseService.ts';
import type { LeaseServiceReleaseRequest as _onceward_v1_LeaseServiceReleaseRequest, LeaseServiceReleaseRequest__Output as _onceward_v1_LeaseServiceReleaseRequest__Output } from './onceward/v1/LeaseServiceReleaseRequest.ts';
import type { LeaseServiceReleaseResponse as _onceward_v1_LeaseServiceReleaseResponse, LeaseServiceReleaseResponse__Output as _onceward_v1_LeaseServiceReleaseResponse__Output } from './onceward/v1/LeaseServiceReleaseResponse.ts';
import type { LeaseServiceRenewRequest as _onceward_v1_LeaseServiceRenewRequest, LeaseServiceRenewRequest__Output as _onceward_v1_LeaseServiceRenewRequest__Output } from './onceward/v1/LeaseServiceRenewRequest.ts';
import type { LeaseServiceRenewResponse as _onceward_v1_LeaseServiceRenewResponse, LeaseServiceRenewResponse__Output as _onceward_v1_LeaseServiceRenewResponse__Output } from './onceward/v1/LeaseServiceRenewResponse.ts';
import type { ListRequest as _onceward_v1_ListRequest, ListRequest__Output as _onceward_v1_ListRequest__Output } from './onceward/v1/ListRequest.ts';
import type { ListResponse as _onceward_v1_ListResponse, ListResponse__Output as _onceward_v1_ListResponse__Output } from './onceward/v1/ListResponse.ts';

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
      AcquireRequest: MessageTypeDefinition<_onceward_v1_AcquireRequest, _onceward_v1_AcquireRequest__Output>
      AcquireResponse: MessageTypeDefinition<_onceward_v1_AcquireResponse, _onceward_v1_AcquireResponse__Output>
      CheckFenceRequest: MessageTypeDefinition<_onceward_v1_CheckFenceRequest, _onceward_v1_CheckFenceRequest__Output>
      CheckFenceResponse: MessageTypeDefinition<_onceward_v1_CheckFenceResponse, _onceward_v1_CheckFenceResponse__Output>
      ForceReleaseRequest: MessageTypeDefinition<_onceward_v1_ForceReleaseRequest, _onceward_v1_ForceReleaseRequest__Output>
      ForceReleaseResponse: MessageTypeDefinition<_onceward_v1_ForceReleaseResponse, _onceward_v1_ForceReleaseResponse__Output>
      InspectRequest: MessageTypeDefinition<_onceward_v1_InspectRequest, _onceward_v1_InspectRequest__Output>
      InspectResponse: MessageTypeDefinition<_onceward_v1_InspectResponse, _onceward_v1_InspectResponse__Output>
      KeepAliveRequest: MessageTypeDefinition<_onceward_v1_KeepAliveRequest, _onceward_v1_KeepAliveRequest__Output>
      KeepAliveResponse: MessageTypeDefinition<_onceward_v1_KeepAliveResponse, _onceward_v1_KeepAliveResponse__Output>
      Lease: MessageTypeDefinition<_onceward_v1_Lease, _onceward_v1_Lease__Output>
      LeaseService: SubtypeConstructor<typeof grpc.Client, _onceward_v1_LeaseServiceClient> & { service: _onceward_v1_LeaseServiceDefinition }
      LeaseServiceReleaseRequest: MessageTypeDefinition<_onceward_v1_LeaseServiceReleaseRequest, _onceward_v1_LeaseServiceReleaseRequest__Output>
      LeaseServiceReleaseResponse: MessageTypeDefinition<_onceward_v1_LeaseServiceReleaseResponse, _onceward_v1_LeaseServiceReleaseResponse__Output>
      LeaseServiceRenewRequest: MessageTypeDefinition<_onceward_v1_LeaseServiceRenewRequest, _onceward_v1_LeaseServiceRenewRequest__Output>
      LeaseServiceRenewResponse: MessageTypeDefinition<_onceward_v1_LeaseServiceRenewResponse, _onceward_v1_LeaseServiceRenewResponse__Output>
      ListRequest: MessageTypeDefinition<_onceward_v1_ListRequest, _onceward_v1_ListRequest__Output>
      ListResponse: MessageTypeDefinition<_onceward_v1_ListResponse, _onceward_v1_ListResponse__Output>
    }
  }
}

