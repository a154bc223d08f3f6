// Original file: proto/onceward/v1/admin.proto

import type { Long } from '@grpc/proto-loader';

export interface Defaults {
  'leaseMs'?: (number | string | Long);
  'waitMs'?: (number | string | Long);
  'retentionMs'?: (number | string | Long);
  'tombstoneRetentionMs'?: (number | string | Long);
  'unfinishedRetentionMs'?: (number | string | Long);
  'maxAttempts'?: (number);
  'backoffBaseMs'?: (number | string | Long);
  'backoffCapMs'?: (number | string | Long);
  'leaseTtlMs'?: (number | string | Long);
}

export interface Defaults__Output {
  'leaseMs': (string);
  'waitMs': (string);
  'retentionMs': (string);
  'tombstoneRetentionMs': (string);
  'unfinishedRetentionMs': (string);
  'maxAttempts': (number);
  'backoffBaseMs': (string);
  'backoffCapMs': (string);
  'leaseTtlMs': (string);
}
