// Original file: proto/onceward/v1/sequence.proto

import type { Long } from '@grpc/proto-loader';

export interface Reservation {
  'sequence'?: (number | string | Long);
  'leaseMs'?: (number | string | Long);
  'revoked'?: (boolean);
}

export interface Reservation__Output {
  'sequence': (string);
  'leaseMs': (string);
  'revoked': (boolean);
}
