import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from './google/protobuf/Timestamp.ts';
import type { AdvanceRequest as _onceward_v1_AdvanceRequest, AdvanceRequest__Output as _onceward_v1_AdvanceRequest__Output } from './onceward/v1/AdvanceRequest.ts';
import type { AdvanceResponse as _onceward_v1_AdvanceResponse, AdvanceResponse__Output as _onceward_v1_AdvanceResponse__Output } from './onceward/v1/AdvanceResponse.ts';
import type { Attempt as _onceward_v1_Attempt, Attempt__Output as _onceward_v1_Attempt__Output } from './onceward/v1/Attempt.ts';
import type { Checkpoint as _onceward_v1_Checkpoint, Checkpoint__Output as _onceward_v1_Checkpoint__Output } from './onceward/v1/Checkpoint.ts';
import type { Fingerprint as _onceward_v1_Fingerprint, Fingerprint__Output as _onceward_v1_Fingerprint__Output } from './onceward/v1/Fingerprint.ts';
import type { Ordering as _onceward_v1_Ordering, Ordering__Output as _onceward_v1_Ordering__Output } from './onceward/v1/Ordering.ts';
import type { Record as _onceward_v1_Record, Record__Output as _onceward_v1_Record__Output } from './onceward/v1/Record.ts';
import type { RecordAddress as _onceward_v1_RecordAddress, RecordAddress__Output as _onceward_v1_RecordAddress__Output } from './onceward/v1/RecordAddress.ts';
import type { Reservation as _onceward_v1_Reservation, Reservation__Output as _onceward_v1_Reservation__Output } from './onceward/v1/Reservation.ts';
import type { ResetRequest as _onceward_v1_ResetRequest, ResetRequest__Output as _onceward_v1_ResetRequest__Output } from './onceward/v1/ResetRequest.ts';
import type { ResetResponse as _onceward_v1_ResetResponse, ResetResponse__Output as _onceward_v1_ResetResponse__Output } from './onceward/v1/ResetResponse.ts';
import type { Result as _onceward_v1_Result, Result__Output as _onceward_v1_Result__Output } from './onceward/v1/Result.ts';
import type { SequenceServiceClient as _onceward_v1_SequenceServiceClient, SequenceServiceDefinition as _onceward_v1_SequenceServiceDefinition } from './onceward/v1/SequenceService.ts';
import type { SequenceServiceGetRequest as _onceward_v1_SequenceServiceGetRequest, SequenceServiceGetRequest__Output as _onceward_v1_SequenceServiceGetRequest__Output } from './onceward/v1/SequenceServiceGetRequest.ts';
import type { SequenceServiceGetResponse as _onceward_v1_SequenceServiceGetResponse, SequenceServiceGetResponse__Output as _onceward_v1_SequenceServiceGetResponse__Output } from './onceward/v1/SequenceServiceGetResponse.ts';
import type { SkipRequest as _onceward_v1_SkipRequest, SkipRequest__Output as _onceward_v1_SkipRequest__Output } from './onceward/v1/SkipRequest.ts';
import type { SkipResponse as _onceward_v1_SkipResponse, SkipResponse__Output as _onceward_v1_SkipResponse__Output } from './onceward/v1/SkipResponse.ts';

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
      AdvanceRequest: MessageTypeDefinition<_onceward_v1_AdvanceRequest, _onceward_v1_AdvanceRequest__Output>
      AdvanceResponse: MessageTypeDefinition<_onceward_v1_AdvanceResponse, _onceward_v1_AdvanceResponse__Output>
      Attempt: MessageTypeDefinition<_onceward_v1_Attempt, _onceward_v1_Attempt__Output>
      Checkpoint: MessageTypeDefinition<_onceward_v1_Checkpoint, _onceward_v1_Checkpoint__Output>
      Fingerprint: MessageTypeDefinition<_onceward_v1_Fingerprint, _onceward_v1_Fingerprint__Output>
      Ordering: MessageTypeDefinition<_onceward_v1_Ordering, _onceward_v1_Ordering__Output>
      Record: MessageTypeDefinition<_onceward_v1_Record, _onceward_v1_Record__Output>
      RecordAddress: MessageTypeDefinition<_onceward_v1_RecordAddress, _onceward_v1_RecordAddress__Output>
      Reservation: MessageTypeDefinition<_onceward_v1_Reservation, _onceward_v1_Reservation__Output>
      ResetRequest: MessageTypeDefinition<_onceward_v1_ResetRequest, _onceward_v1_ResetRequest__Output>
      ResetResponse: MessageTypeDefinition<_onceward_v1_ResetResponse, _onceward_v1_ResetResponse__Output>
      Result: MessageTypeDefinition<_onceward_v1_Result, _onceward_v1_Result__Output>
      SequenceService: SubtypeConstructor<typeof grpc.Client, _onceward_v1_SequenceServiceClient> & { service: _onceward_v1_SequenceServiceDefinition }
      SequenceServiceGetRequest: MessageTypeDefinition<_onceward_v1_SequenceServiceGetRequest, _onceward_v1_SequenceServiceGetRequest__Output>
      SequenceServiceGetResponse: MessageTypeDefinition<_onceward_v1_SequenceServiceGetResponse, _onceward_v1_SequenceServiceGetResponse__Output>
      SkipRequest: MessageTypeDefinition<_onceward_v1_SkipRequest, _onceward_v1_SkipRequest__Output>
      SkipResponse: MessageTypeDefinition<_onceward_v1_SkipResponse, _onceward_v1_SkipResponse__Output>
    }
  }
}

