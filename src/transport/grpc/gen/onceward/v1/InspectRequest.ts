// Original file: proto/onceward/v1/lease.proto


export interface InspectRequest {
  'namespace'?: (string);
  'resource'?: (string);
}

export interface InspectRequest__Output {
  'namespace': (string);
  'resource': (string);
}
