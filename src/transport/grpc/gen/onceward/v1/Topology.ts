// Original file: proto/onceward/v1/admin.proto

import type { Shard as _onceward_v1_Shard, Shard__Output as _onceward_v1_Shard__Output } from '../../onceward/v1/Shard.ts';

export interface Topology {
  'shards'?: (_onceward_v1_Shard)[];
  'slots'?: (number);
}

export interface Topology__Output {
  'shards': (_onceward_v1_Shard__Output)[];
  'slots': (number);
}
