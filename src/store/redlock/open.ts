import type { Clock } from "../../base/clock.ts";
import { whyNoQuorum } from "../../base/lease-nodes.ts";
import type { Random } from "../../base/random.ts";
import type { DurationMs } from "../../base/units.ts";
import type { Logger } from "../../telemetry/logger.ts";
import { type LeaseStore, StoreOpenError } from "../port.ts";
import { parseRedisUrl } from "../redis-client/url.ts";
import { Admission } from "./admission.ts";
import { LeaseNode } from "./node.ts";
import { operationMsOf, Quorum } from "./quorum.ts";
import { readScripts } from "./scripts.ts";
import { QuorumLeases } from "./store.ts";

/** How much faster than a node's our clock may run while we wait for its leases to end. */
const WAIT_FACTOR = 1.02;

export interface QuorumLeaseOptions {
  /** URLs of independent Redis masters, an odd number up to 7. The same for every sidecar. */
  readonly nodes: readonly string[];
  /** Hard deadline of one vote on one node. */
  readonly nodeTimeout: DurationMs;
  readonly connectTimeout: DurationMs;
  /** No lease is longer: how long a node that may have lost data is kept out at least. The same for every sidecar. */
  readonly ttlMax: DurationMs;
  /** Tokens are not below the nodes' time in µs, so that they rise even when all data is lost. */
  readonly clockFloor: boolean;
  /** Longest wait for the first look at all nodes. */
  readonly firstVerifyTimeout: DurationMs;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: Random;
  /** For tests that move the nodes' clocks: Lua in place of `lua/lib/clock.lua`. */
  readonly clockSnippet?: string;
}

/**
 * Opens leases on a majority of nodes. Returns within `firstVerifyTimeout`, served or not: nodes that are down are no
 * error, and vote as soon as they may.
 * @throws {StoreOpenError} when the nodes cannot make a quorum.
 */
export async function openQuorumLeases(options: QuorumLeaseOptions): Promise<LeaseStore> {
  const places = options.nodes.map(parseRedisUrl);
  const fault = whyNoQuorum(places.map(({ address }) => address));
  if (fault !== undefined) throw new StoreOpenError(fault);
  const { nodeTimeout, ttlMax, clockFloor, random, logger, clock } = options;
  const scripts = readScripts(options.clockSnippet);
  const nodes = places.map((place) => new LeaseNode({ ...options, place, scripts, onSight: () => admission.seen() }));
  const quorum = new Quorum({ nodes, nodeTimeout, clockFloor, random });
  const { majority } = quorum;
  const operationMs = operationMsOf(nodeTimeout);
  const waitMs = Math.ceil(Math.max(ttlMax, operationMs) * WAIT_FACTOR);
  const readMs = operationMs;
  const admission: Admission = new Admission({ nodes, majority, waitMs, readMs, clockFloor, logger, clock });
  for (const node of nodes) node.open();
  await admission.settled(options.firstVerifyTimeout);
  return new QuorumLeases({ quorum, admission, ttlMax });
}
