import { type EventLoopUtilization, performance } from "node:perf_hooks";
import { monotonicMs } from "../base/clock.ts";
import { ERRORS } from "../base/errors.ts";
import type { Counted, Warning } from "../store/port.ts";
import { METRICS, type MetricKey } from "../telemetry/names.ts";
import type { Point, ReadMetrics } from "../telemetry/reading.ts";
import type { TransportDeps } from "../transport/grpc/context.ts";

type Points = Readonly<Record<MetricKey, readonly Point[]>>;

/** Reads every metric of a composed sidecar. One function a reader: utilization is told since its last reading. */
export function readingsOf(deps: TransportDeps): ReadMetrics {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const points = {
      ...ofCalls(deps),
      ...ofTimes(deps),
      ...ofStore(deps),
      ...ofRecords(deps),
      ...ofProcess(now, before),
    };
    before = now;
    return Object.entries<readonly Point[]>(points satisfies Points).map(([key, said]) => ({
      metric: METRICS[key as MetricKey], // the keys are those of Points
      points: said,
    }));
  };
}

function ofCalls({ tally }: TransportDeps) {
  return {
    calls: [...tally.calls({ unheard: true })].map(({ namespace, call, outcome, count }) => ({
      attributes: { "onceward.namespace": namespace, "onceward.call": call, "onceward.outcome": outcome },
      value: count,
    })),
    errors: Object.keys(ERRORS).map((reason) => ({
      attributes: { "error.type": reason },
      value: tally.errors().get(reason) ?? 0,
    })),
    starts: [...tally.starts()].map(({ namespace, attempt, count }) => ({
      attributes: { "onceward.namespace": namespace, "onceward.attempt": attempt },
      value: count,
    })),
    notableEvents: [...tally.notables()].map(({ namespace, event, count }) => ({
      attributes: { "onceward.namespace": namespace, "onceward.event": event },
      value: count,
    })),
  };
}

function ofTimes({ rpcs, transitions, waits, holds, admission, waiting, settings }: TransportDeps) {
  return {
    rpcDuration: rpcs.points((path, status) => ({
      ...{ "rpc.system.name": "grpc", "rpc.method": path.slice(1), "rpc.status_code": status },
    })),
    storeDuration: transitions.points((transition, reason) => ({
      "onceward.transition": transition,
      ...(reason !== "" && { "error.type": reason }),
    })),
    waitDuration: waits.durations(),
    waitsRefused: waits.refusals(),
    leaseHold: holds.points(),
    inFlight: one(admission.inFlight),
    inFlightLimit: one(admission.max),
    waiting: one(waiting.waiting),
    waitingLimit: one(settings.waiters),
  };
}

function ofStore({ store, leases, version }: TransportDeps) {
  const { kind, shards, warnings, gaps } = store.status();
  const { nodes, warnings: ofLeases } = leases.status();
  const versions = { "onceward.version": version, "nodejs.version": process.versions.node };
  return {
    shardUp: shards.map(({ name, state }) => ({ ...at(name), value: state === "serving" ? 1 : 0 })),
    recordsRemoved: shards.flatMap(({ name, removed }) => {
      const how = kind === "embedded" ? "swept" : "expired";
      const attributes = { ...at(name).attributes, "onceward.sweep": how };
      return removed === undefined ? [] : [{ attributes, value: removed.expired }];
    }),
    recordsEvicted: shards.flatMap(({ name, removed }) =>
      removed === undefined ? [] : [{ ...at(name), value: removed.evicted }],
    ),
    sweepLag: shards.flatMap(({ name, removed }) =>
      removed?.lagMs === undefined ? [] : [{ ...at(name), value: removed.lagMs / 1000 }],
    ),
    leaseNodeUp: nodes.map(({ address, state }) => ({
      attributes: { "onceward.node": address },
      value: state === "voting" ? 1 : 0,
    })),
    warnings: byCode([...warnings, ...ofLeases]),
    gapWindows: one(gaps.length),
    buildInfo: [{ attributes: { ...versions, "onceward.store": kind }, value: 1 }],
  };
}

function ofRecords({ census, clock, tally, retryWatch }: TransportDeps) {
  const taken = census.namespaces().flatMap((namespace) => {
    const latest = census.latest(namespace);
    return latest === undefined ? [] : [{ ...latest, attributes: { "onceward.namespace": namespace } }];
  });
  const byState = (pick: (counted: Counted | undefined) => number) =>
    taken.flatMap(({ counted, attributes }) =>
      (["in_progress", "unknown", "retryable", "dead_lettered"] as const).map((state) => ({
        attributes: { ...attributes, "onceward.state": state },
        value: pick(counted.get(state)),
      })),
    );
  const top = new Map(tally.namespaces().map((namespace) => [namespace, 0]));
  for (const { what, least } of retryWatch.records()) {
    const namespace = tally.nameOf(what.namespace);
    top.set(namespace, Math.max(top.get(namespace) ?? 0, least));
  }
  return {
    unfinished: byState((counted) => counted?.records ?? 0),
    oldestUnfinished: byState((counted) => (counted?.oldest ?? 0) / 1000),
    censusAge: taken.map(({ at: begun, attributes }) => ({
      attributes,
      value: Math.max(0, clock.now() - begun) / 1000,
    })),
    topDuplicates: [...top].map(([namespace, value]) => ({ attributes: { "onceward.namespace": namespace }, value })),
  };
}

function ofProcess(now: EventLoopUtilization, before: EventLoopUtilization) {
  const { user, system } = process.cpuUsage();
  return {
    uptime: one(Math.round(monotonicMs()) / 1000),
    cpuTime: [
      { attributes: { "cpu.mode": "user" }, value: user / 1e6 },
      { attributes: { "cpu.mode": "system" }, value: system / 1e6 },
    ],
    memory: one(process.memoryUsage.rss()),
    eventLoop: one(performance.eventLoopUtilization(now, before).utilization),
  };
}

function one(value: number): readonly Point[] {
  return [{ attributes: {}, value }];
}

function at(shard: string) {
  return { attributes: { "onceward.shard": shard } };
}

function byCode(all: readonly Warning[]): Point[] {
  const counts = Map.groupBy(all, ({ code }) => code);
  return [...counts].map(([code, found]) => ({ attributes: { "onceward.warning": code }, value: found.length }));
}
