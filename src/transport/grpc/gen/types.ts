import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from './google/protobuf/Timestamp.ts';
import type { Attempt as _onceward_v1_Attempt, Attempt__Output as _onceward_v1_Attempt__Output } from './onceward/v1/Attempt.ts';
import type { Checkpoint as _onceward_v1_Checkpoint, Checkpoint__Output as _onceward_v1_Checkpoint__Output } from './onceward/v1/Checkpoint.ts';
import type { Fingerprint as _onceward_v1_Fingerprint, Fingerprint__Output as _onceward_v1_Fingerprint__Output } from './onceward/v1/Fingerprint.ts';
import type { Ordering as _onceward_v1_Ordering, Ordering__Output as _onceward_v1_Ordering__Output } from './onceward/v1/Ordering.ts';
import type { Record as _onceward_v1_Record, Record__Output as _onceward_v1_Record__Output } from './onceward/v1/Record.ts';
import type { RecordAddress as _onceward_v1_RecordAddress, RecordAddress__Output as _onceward_v1_RecordAddress__Output } from './onceward/v1/RecordAddress.ts';
import type { Result as _onceward_v1_Result, Result__Output as _onceward_v1_Result__Output } from './onceward/v1/Result.ts';

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
      Attempt: MessageTypeDefinition<_onceward_v1_Attempt, _onceward_v1_Attempt__Output>
      Checkpoint: MessageTypeDefinition<_onceward_v1_Checkpoint, _onceward_v1_Checkpoint__Output>
      Fingerprint: MessageTypeDefinition<_onceward_v1_Fingerprint, _onceward_v1_Fingerprint__Output>
      Ordering: MessageTypeDefinition<_onceward_v1_Ordering, _onceward_v1_Ordering__Output>
      Record: MessageTypeDefinition<_onceward_v1_Record, _onceward_v1_Record__Output>
      RecordAddress: MessageTypeDefinition<_onceward_v1_RecordAddress, _onceward_v1_RecordAddress__Output>
      Result: MessageTypeDefinition<_onceward_v1_Result, _onceward_v1_Result__Output>
    }
  }
}

