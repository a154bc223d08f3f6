// Original file: proto/onceward/v1/types.proto


export interface Fingerprint {
  'digest'?: (Buffer | Uint8Array | string);
  'payload'?: (Buffer | Uint8Array | string);
  'json'?: (string);
  'algorithm'?: (string);
  'source'?: "digest"|"payload"|"json";
}

export interface Fingerprint__Output {
  'digest'?: (Buffer);
  'payload'?: (Buffer);
  'json'?: (string);
  'algorithm': (string);
  'source'?: "digest"|"payload"|"json";
}
