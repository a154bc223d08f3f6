// Original file: proto/onceward/v1/admin.proto

import type { Long } from '@grpc/proto-loader';

export interface Limits {
  'leaseMinMs'?: (number | string | Long);
  'leaseMaxMs'?: (number | string | Long);
  'leaseTotalMaxMs'?: (number | string | Long);
  'waitMaxMs'?: (number | string | Long);
  'retentionMinMs'?: (number | string | Long);
  'retentionMaxMs'?: (number | string | Long);
  'tombstoneRetentionMaxMs'?: (number | string | Long);
  'namespaceMaxBytes'?: (number);
  'operationMaxBytes'?: (number);
  'streamMaxBytes'?: (number);
  'keyMaxBytes'?: (number);
  'attemptIdMaxBytes'?: (number);
  'fingerprintMaxBytes'?: (number);
  'ownerMaxBytes'?: (number);
  'resultInlineMaxBytes'?: (number);
  'contentTypeMaxBytes'?: (number);
  'referenceMaxBytes'?: (number);
  'metadataMaxBytes'?: (number);
  'errorMaxBytes'?: (number);
  'reasonMaxBytes'?: (number);
  'checkpointNameMaxBytes'?: (number);
  'checkpointMaxBytes'?: (number);
  'batchItemsMax'?: (number);
  'pageRecordsMax'?: (number);
  'messageMaxBytes'?: (number);
  'inFlightMax'?: (number);
  'inFlightReserved'?: (number);
  'waitersMax'?: (number);
  'waitersPerRecordMax'?: (number);
  'fingerprintJsonMaxBytes'?: (number);
  'leaseTtlMinMs'?: (number | string | Long);
  'leaseTtlMaxMs'?: (number | string | Long);
  'resourceMaxBytes'?: (number);
}

export interface Limits__Output {
  'leaseMinMs': (string);
  'leaseMaxMs': (string);
  'leaseTotalMaxMs': (string);
  'waitMaxMs': (string);
  'retentionMinMs': (string);
  'retentionMaxMs': (string);
  'tombstoneRetentionMaxMs': (string);
  'namespaceMaxBytes': (number);
  'operationMaxBytes': (number);
  'streamMaxBytes': (number);
  'keyMaxBytes': (number);
  'attemptIdMaxBytes': (number);
  'fingerprintMaxBytes': (number);
  'ownerMaxBytes': (number);
  'resultInlineMaxBytes': (number);
  'contentTypeMaxBytes': (number);
  'referenceMaxBytes': (number);
  'metadataMaxBytes': (number);
  'errorMaxBytes': (number);
  'reasonMaxBytes': (number);
  'checkpointNameMaxBytes': (number);
  'checkpointMaxBytes': (number);
  'batchItemsMax': (number);
  'pageRecordsMax': (number);
  'messageMaxBytes': (number);
  'inFlightMax': (number);
  'inFlightReserved': (number);
  'waitersMax': (number);
  'waitersPerRecordMax': (number);
  'fingerprintJsonMaxBytes': (number);
  'leaseTtlMinMs': (string);
  'leaseTtlMaxMs': (string);
  'resourceMaxBytes': (number);
}
