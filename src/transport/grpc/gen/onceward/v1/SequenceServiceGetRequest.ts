// Original file: proto/onceward/v1/sequence.proto


export interface SequenceServiceGetRequest {
  'namespace'?: (string);
  'stream'?: (string);
}

export interface SequenceServiceGetRequest__Output {
  'namespace': (string);
  'stream': (string);
}
