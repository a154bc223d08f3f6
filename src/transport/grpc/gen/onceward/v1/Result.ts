// Original file: proto/onceward/v1/types.proto

import type { Long } from '@grpc/proto-loader';

export interface Result {
  'body'?: (Buffer | Uint8Array | string);
  'contentType'?: (string);
  'metadata'?: ({[key: string]: string});
  'reference'?: (string);
  'bodySize'?: (number | string | Long);
  'bodySha256'?: (Buffer | Uint8Array | string);
}

export interface Result__Output {
  'body': (Buffer);
  'contentType': (string);
  'metadata': ({[key: string]: string});
  'reference': (string);
  'bodySize': (string);
  'bodySha256': (Buffer);
}
