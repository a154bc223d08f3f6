// Original file: proto/onceward/v1/types.proto


export interface RecordAddress {
  'namespace'?: (string);
  'operation'?: (string);
  'stream'?: (string);
  'key'?: (string);
}

export interface RecordAddress__Output {
  'namespace': (string);
  'operation': (string);
  'stream': (string);
  'key': (string);
}
