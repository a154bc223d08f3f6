import { monotonicMs } from "../../base/clock.ts";
import type { TransportDeps } from "./context.ts";
import { stateName, timestamp } from "./convert.ts";
import type { GetStatsResponse } from "./gen/onceward/v1/GetStatsResponse.ts";
import type { NamespaceStats } from "./gen/onceward/v1/NamespaceStats.ts";

/** Retried records and effects that are told. */
const RETRIED_MAX = 20;

export async function handleGetStats(deps: TransportDeps): Promise<GetStatsResponse> {
  return {
    namespaces: namespaces(deps),
    uptimeMs: Math.round(monotonicMs()),
    inFlight: deps.admission.inFlight,
    waiters: deps.waiting.waiting,
    retriedOperations: deps.retryWatch
      .operations()
      .slice(0, RETRIED_MAX)
      .map(({ what, ...often }) => ({
        ...{ namespace: what.namespace, operation: what.operation, duplicates: often.most },
        duplicatesAtLeast: often.least,
      })),
    retriedRecords: deps.retryWatch
      .records()
      .slice(0, RETRIED_MAX)
      .map(({ what, most, least }) => ({
        ...{ address: what, duplicates: most, duplicatesAtLeast: least },
      })),
  };
}

function namespaces({ tally, census }: TransportDeps): NamespaceStats[] {
  const counts = Map.groupBy(tally.calls(), ({ namespace }) => namespace);
  return [...new Set([...counts.keys(), ...census.namespaces()])].map((namespace) => {
    const unfinished = census.latest(namespace);
    return {
      namespace,
      outcomes: (counts.get(namespace) ?? []).map(({ call, outcome, count }) => ({
        rpc: call,
        outcome: outcome.toUpperCase(),
        count,
      })),
      unfinished: [...(unfinished?.counted ?? [])].map(([state, { records: count }]) => {
        return { state: stateName(state), count };
      }),
      censusAt: unfinished === undefined ? null : timestamp(unfinished.at),
    };
  });
}
