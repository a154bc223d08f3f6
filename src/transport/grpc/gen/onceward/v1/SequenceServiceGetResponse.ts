// Original file: proto/onceward/v1/sequence.proto

import type { Reservation as _onceward_v1_Reservation, Reservation__Output as _onceward_v1_Reservation__Output } from '../../onceward/v1/Reservation.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';
import type { Long } from '@grpc/proto-loader';

export interface SequenceServiceGetResponse {
  'found'?: (boolean);
  'last'?: (number | string | Long);
  'epoch'?: (number | string | Long);
  'tiebreak'?: (number | string | Long);
  'reservation'?: (_onceward_v1_Reservation | null);
  'updatedAt'?: (_google_protobuf_Timestamp | null);
  '_last'?: "last";
}

export interface SequenceServiceGetResponse__Output {
  'found': (boolean);
  'last'?: (string);
  'epoch': (string);
  'tiebreak': (string);
  'reservation': (_onceward_v1_Reservation__Output | null);
  'updatedAt': (_google_protobuf_Timestamp__Output | null);
  '_last'?: "last";
}
