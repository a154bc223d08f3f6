// Original file: proto/onceward/v1/admin.proto

import type { Topology as _onceward_v1_Topology, Topology__Output as _onceward_v1_Topology__Output } from '../../onceward/v1/Topology.ts';
import type { Limits as _onceward_v1_Limits, Limits__Output as _onceward_v1_Limits__Output } from '../../onceward/v1/Limits.ts';
import type { Defaults as _onceward_v1_Defaults, Defaults__Output as _onceward_v1_Defaults__Output } from '../../onceward/v1/Defaults.ts';
import type { Warning as _onceward_v1_Warning, Warning__Output as _onceward_v1_Warning__Output } from '../../onceward/v1/Warning.ts';
import type { GapWindow as _onceward_v1_GapWindow, GapWindow__Output as _onceward_v1_GapWindow__Output } from '../../onceward/v1/GapWindow.ts';
import type { LeaseInfo as _onceward_v1_LeaseInfo, LeaseInfo__Output as _onceward_v1_LeaseInfo__Output } from '../../onceward/v1/LeaseInfo.ts';

export interface GetServerInfoResponse {
  'version'?: (string);
  'storeKind'?: (string);
  'topology'?: (_onceward_v1_Topology | null);
  'limits'?: (_onceward_v1_Limits | null);
  'defaults'?: (_onceward_v1_Defaults | null);
  'durability'?: (string);
  'warnings'?: (_onceward_v1_Warning)[];
  'gapWindows'?: (_onceward_v1_GapWindow)[];
  'leases'?: (_onceward_v1_LeaseInfo | null);
}

export interface GetServerInfoResponse__Output {
  'version': (string);
  'storeKind': (string);
  'topology': (_onceward_v1_Topology__Output | null);
  'limits': (_onceward_v1_Limits__Output | null);
  'defaults': (_onceward_v1_Defaults__Output | null);
  'durability': (string);
  'warnings': (_onceward_v1_Warning__Output)[];
  'gapWindows': (_onceward_v1_GapWindow__Output)[];
  'leases': (_onceward_v1_LeaseInfo__Output | null);
}
