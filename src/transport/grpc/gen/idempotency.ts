import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Any as _google_protobuf_Any, Any__Output as _google_protobuf_Any__Output } from './google/protobuf/Any.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from './google/protobuf/Timestamp.ts';
import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from './google/rpc/Status.ts';
import type { Attempt as _onceward_v1_Attempt, Attempt__Output as _onceward_v1_Attempt__Output } from './onceward/v1/Attempt.ts';
import type { BeginBatchItem as _onceward_v1_BeginBatchItem, BeginBatchItem__Output as _onceward_v1_BeginBatchItem__Output } from './onceward/v1/BeginBatchItem.ts';
import type { BeginBatchRequest as _onceward_v1_BeginBatchRequest, BeginBatchRequest__Output as _onceward_v1_BeginBatchRequest__Output } from './onceward/v1/BeginBatchRequest.ts';
import type { BeginBatchResponse as _onceward_v1_BeginBatchResponse, BeginBatchResponse__Output as _onceward_v1_BeginBatchResponse__Output } from './onceward/v1/BeginBatchResponse.ts';
import type { BeginRequest as _onceward_v1_BeginRequest, BeginRequest__Output as _onceward_v1_BeginRequest__Output } from './onceward/v1/BeginRequest.ts';
import type { BeginResponse as _onceward_v1_BeginResponse, BeginResponse__Output as _onceward_v1_BeginResponse__Output } from './onceward/v1/BeginResponse.ts';
import type { Checkpoint as _onceward_v1_Checkpoint, Checkpoint__Output as _onceward_v1_Checkpoint__Output } from './onceward/v1/Checkpoint.ts';
import type { CheckpointRequest as _onceward_v1_CheckpointRequest, CheckpointRequest__Output as _onceward_v1_CheckpointRequest__Output } from './onceward/v1/CheckpointRequest.ts';
import type { CheckpointResponse as _onceward_v1_CheckpointResponse, CheckpointResponse__Output as _onceward_v1_CheckpointResponse__Output } from './onceward/v1/CheckpointResponse.ts';
import type { CompleteBatchItem as _onceward_v1_CompleteBatchItem, CompleteBatchItem__Output as _onceward_v1_CompleteBatchItem__Output } from './onceward/v1/CompleteBatchItem.ts';
import type { CompleteBatchRequest as _onceward_v1_CompleteBatchRequest, CompleteBatchRequest__Output as _onceward_v1_CompleteBatchRequest__Output } from './onceward/v1/CompleteBatchRequest.ts';
import type { CompleteBatchResponse as _onceward_v1_CompleteBatchResponse, CompleteBatchResponse__Output as _onceward_v1_CompleteBatchResponse__Output } from './onceward/v1/CompleteBatchResponse.ts';
import type { CompleteRequest as _onceward_v1_CompleteRequest, CompleteRequest__Output as _onceward_v1_CompleteRequest__Output } from './onceward/v1/CompleteRequest.ts';
import type { CompleteResponse as _onceward_v1_CompleteResponse, CompleteResponse__Output as _onceward_v1_CompleteResponse__Output } from './onceward/v1/CompleteResponse.ts';
import type { Fingerprint as _onceward_v1_Fingerprint, Fingerprint__Output as _onceward_v1_Fingerprint__Output } from './onceward/v1/Fingerprint.ts';
import type { GetRequest as _onceward_v1_GetRequest, GetRequest__Output as _onceward_v1_GetRequest__Output } from './onceward/v1/GetRequest.ts';
import type { GetResponse as _onceward_v1_GetResponse, GetResponse__Output as _onceward_v1_GetResponse__Output } from './onceward/v1/GetResponse.ts';
import type { IdempotencyServiceClient as _onceward_v1_IdempotencyServiceClient, IdempotencyServiceDefinition as _onceward_v1_IdempotencyServiceDefinition } from './onceward/v1/IdempotencyService.ts';
import type { Ordering as _onceward_v1_Ordering, Ordering__Output as _onceward_v1_Ordering__Output } from './onceward/v1/Ordering.ts';
import type { Record as _onceward_v1_Record, Record__Output as _onceward_v1_Record__Output } from './onceward/v1/Record.ts';
import type { RecordAddress as _onceward_v1_RecordAddress, RecordAddress__Output as _onceward_v1_RecordAddress__Output } from './onceward/v1/RecordAddress.ts';
import type { ReleaseRequest as _onceward_v1_ReleaseRequest, ReleaseRequest__Output as _onceward_v1_ReleaseRequest__Output } from './onceward/v1/ReleaseRequest.ts';
import type { ReleaseResponse as _onceward_v1_ReleaseResponse, ReleaseResponse__Output as _onceward_v1_ReleaseResponse__Output } from './onceward/v1/ReleaseResponse.ts';
import type { RenewRequest as _onceward_v1_RenewRequest, RenewRequest__Output as _onceward_v1_RenewRequest__Output } from './onceward/v1/RenewRequest.ts';
import type { RenewResponse as _onceward_v1_RenewResponse, RenewResponse__Output as _onceward_v1_RenewResponse__Output } from './onceward/v1/RenewResponse.ts';
import type { Result as _onceward_v1_Result, Result__Output as _onceward_v1_Result__Output } from './onceward/v1/Result.ts';
import type { SessionRequest as _onceward_v1_SessionRequest, SessionRequest__Output as _onceward_v1_SessionRequest__Output } from './onceward/v1/SessionRequest.ts';
import type { SessionResponse as _onceward_v1_SessionResponse, SessionResponse__Output as _onceward_v1_SessionResponse__Output } from './onceward/v1/SessionResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Any: MessageTypeDefinition<_google_protobuf_Any, _google_protobuf_Any__Output>
      Timestamp: MessageTypeDefinition<_google_protobuf_Timestamp, _google_protobuf_Timestamp__Output>
    }
    rpc: {
      Status: MessageTypeDefinition<_google_rpc_Status, _google_rpc_Status__Output>
    }
  }
  onceward: {
    v1: {
      Attempt: MessageTypeDefinition<_onceward_v1_Attempt, _onceward_v1_Attempt__Output>
      BeginBatchItem: MessageTypeDefinition<_onceward_v1_BeginBatchItem, _onceward_v1_BeginBatchItem__Output>
      BeginBatchRequest: MessageTypeDefinition<_onceward_v1_BeginBatchRequest, _onceward_v1_BeginBatchRequest__Output>
      BeginBatchResponse: MessageTypeDefinition<_onceward_v1_BeginBatchResponse, _onceward_v1_BeginBatchResponse__Output>
      BeginRequest: MessageTypeDefinition<_onceward_v1_BeginRequest, _onceward_v1_BeginRequest__Output>
      BeginResponse: MessageTypeDefinition<_onceward_v1_BeginResponse, _onceward_v1_BeginResponse__Output>
      Checkpoint: MessageTypeDefinition<_onceward_v1_Checkpoint, _onceward_v1_Checkpoint__Output>
      CheckpointRequest: MessageTypeDefinition<_onceward_v1_CheckpointRequest, _onceward_v1_CheckpointRequest__Output>
      CheckpointResponse: MessageTypeDefinition<_onceward_v1_CheckpointResponse, _onceward_v1_CheckpointResponse__Output>
      CompleteBatchItem: MessageTypeDefinition<_onceward_v1_CompleteBatchItem, _onceward_v1_CompleteBatchItem__Output>
      CompleteBatchRequest: MessageTypeDefinition<_onceward_v1_CompleteBatchRequest, _onceward_v1_CompleteBatchRequest__Output>
      CompleteBatchResponse: MessageTypeDefinition<_onceward_v1_CompleteBatchResponse, _onceward_v1_CompleteBatchResponse__Output>
      CompleteRequest: MessageTypeDefinition<_onceward_v1_CompleteRequest, _onceward_v1_CompleteRequest__Output>
      CompleteResponse: MessageTypeDefinition<_onceward_v1_CompleteResponse, _onceward_v1_CompleteResponse__Output>
      Fingerprint: MessageTypeDefinition<_onceward_v1_Fingerprint, _onceward_v1_Fingerprint__Output>
      GetRequest: MessageTypeDefinition<_onceward_v1_GetRequest, _onceward_v1_GetRequest__Output>
      GetResponse: MessageTypeDefinition<_onceward_v1_GetResponse, _onceward_v1_GetResponse__Output>
      IdempotencyService: SubtypeConstructor<typeof grpc.Client, _onceward_v1_IdempotencyServiceClient> & { service: _onceward_v1_IdempotencyServiceDefinition }
      Ordering: MessageTypeDefinition<_onceward_v1_Ordering, _onceward_v1_Ordering__Output>
      Record: MessageTypeDefinition<_onceward_v1_Record, _onceward_v1_Record__Output>
      RecordAddress: MessageTypeDefinition<_onceward_v1_RecordAddress, _onceward_v1_RecordAddress__Output>
      ReleaseRequest: MessageTypeDefinition<_onceward_v1_ReleaseRequest, _onceward_v1_ReleaseRequest__Output>
      ReleaseResponse: MessageTypeDefinition<_onceward_v1_ReleaseResponse, _onceward_v1_ReleaseResponse__Output>
      RenewRequest: MessageTypeDefinition<_onceward_v1_RenewRequest, _onceward_v1_RenewRequest__Output>
      RenewResponse: MessageTypeDefinition<_onceward_v1_RenewResponse, _onceward_v1_RenewResponse__Output>
      Result: MessageTypeDefinition<_onceward_v1_Result, _onceward_v1_Result__Output>
      SessionRequest: MessageTypeDefinition<_onceward_v1_SessionRequest, _onceward_v1_SessionRequest__Output>
      SessionResponse: MessageTypeDefinition<_onceward_v1_SessionResponse, _onceward_v1_SessionResponse__Output>
    }
  }
}

