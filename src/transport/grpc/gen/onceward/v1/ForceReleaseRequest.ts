// Original file: proto/onceward/v1/lease.proto


export interface ForceReleaseRequest {
  'namespace'?: (string);
  'resource'?: (string);
  'reason'?: (string);
  'actor'?: (string);
}

export interface ForceReleaseRequest__Output {
  'namespace': (string);
  'resource': (string);
  'reason': (string);
  'actor': (string);
}
