import type { Checked } from "../budgets.ts";
import { pairedRatios, spread } from "../statistics.ts";
import type { Measurement } from "./run.ts";
import {
  byRound,
  callsPerRedisCore,
  callsPerServerCore,
  clientUsPerCall,
  type Measure,
  redisUsPerCall,
} from "./summary.ts";
import {
  BEGIN,
  BEGIN_BATCH,
  COUNTED,
  ECHO,
  LIBRARY_REPLAY,
  NODE_IDEMPOTENCY_REPLAY,
  POWERTOOLS_REPLAY,
  SCRIPT,
  SCRIPT_BATCH,
  STORE,
  TRACED,
  WITHOUT_COUNTING,
  WITHOUT_TELEMETRY,
} from "./variants.ts";

type Side = readonly [variant: string, measure: Measure];

/** The budgets that ratios of variants are held to. NaN where a variant was left out. */
export function checkBudgets(all: readonly Measurement[]): Checked[] {
  const ratio = (one: Side, other: Side) => spread(pairedRatios(byRound(all, ...one), byRound(all, ...other)));
  const same = (measure: Measure, one: string, other: string) => ratio([one, measure], [other, measure]);
  return [
    { id: "P1", measured: same(callsPerServerCore, BEGIN, ECHO) },
    // Each by the process that does the deciding, so that neither's client and neither's neighbours count.
    { id: "P2", measured: ratio([BEGIN_BATCH, callsPerServerCore], [SCRIPT_BATCH, callsPerRedisCore]) },
    { id: "P3", measured: same(callsPerServerCore, BEGIN_BATCH, BEGIN) },
    { id: "P4", measured: same(redisUsPerCall, STORE, SCRIPT) },
    { id: "P13-off", measured: same(callsPerServerCore, WITHOUT_COUNTING, WITHOUT_TELEMETRY) },
    { id: "P13-metrics", measured: same(callsPerServerCore, COUNTED, WITHOUT_TELEMETRY) },
    { id: "P13-traces", measured: same(callsPerServerCore, TRACED, WITHOUT_TELEMETRY) },
    { id: "P7", measured: same(clientUsPerCall, LIBRARY_REPLAY, POWERTOOLS_REPLAY) },
    { id: "P8", measured: same(clientUsPerCall, LIBRARY_REPLAY, NODE_IDEMPOTENCY_REPLAY) },
  ];
}
