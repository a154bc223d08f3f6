// Original file: proto/onceward/v1/lease.proto


export interface ListRequest {
  'namespace'?: (string);
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListRequest__Output {
  'namespace': (string);
  'pageSize': (number);
  'pageToken': (string);
}
