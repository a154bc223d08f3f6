/** Lease nodes of a run, what is done to them, and since when each of them has been well. */
import { Redis } from "ioredis";
import { systemClock } from "../../src/base/clock.ts";
import { durationMs } from "../../src/base/units.ts";
import { pause } from "../../src/base/wait.ts";
import type { LeaseStore } from "../../src/store/port.ts";
import { openQuorumLeases } from "../../src/store/redlock/open.ts";
import { silentLogger } from "../../src/telemetry/logger.ts";
import { startLeaseNode } from "../support/lease-nodes.ts";
import { RedisProxy } from "../support/proxy.ts";
import { AOF_ALWAYS, type RedisServer } from "../support/redis-server.ts";

/** Longest lease, ms: short, since a node that lost its data is kept out for as long. */
export const TTL_MS_MAX = 800;
const NODE_TIMEOUT_MS = 150;
/** How often nodes are probed, and how long an answer may take from one that is well, ms. */
const PROBE_MS = 15;
const PROMPT_MS = 50;
/** A snapshot a second while anything changes. */
const SNAPSHOTS: readonly string[] = ["--save", "1 1"];
/** Stores over the same nodes, as so many sidecars. */
const STORE_COUNT = 2;

export interface WorldNode {
  readonly server: RedisServer;
  readonly client: Redis;
  /** One before each store. */
  readonly proxies: readonly RedisProxy[];
  /** Something is being done to it. */
  touched: boolean;
  /** It has answered promptly and voted in every store ever since; infinite while it does not. */
  wellSince: number;
}

export interface World {
  readonly nodes: readonly WorldNode[];
  readonly stores: readonly LeaseStore[];
  readonly majority: number;
  /** So many nodes were well all the time since. */
  wellSince(instant: number): number;
  close(): Promise<void>;
}

interface WorldOptions {
  readonly count: number;
  /** All nodes keep their data; otherwise at most a minority does, by chance. */
  readonly durable: boolean;
  /** Those that do not keep all come back with what they knew a second or more before. */
  readonly snapshots: boolean;
  readonly random: () => number;
}

export async function openWorld({ count, durable, snapshots, random }: WorldOptions): Promise<World> {
  const durableCount = durable ? count : Math.floor(random() * (count / 2));
  const argsOf = (n: number) => (n < durableCount ? AOF_ALWAYS : snapshots ? SNAPSHOTS : []);
  const nodes = await Promise.all(Array.from({ length: count }, (_, n) => openNode(argsOf(n))));
  const stores = await Promise.all(
    Array.from({ length: STORE_COUNT }, (_, store) =>
      openQuorumLeases({
        nodes: nodes.map(({ proxies }) => proxies[store]?.url() ?? ""),
        nodeTimeout: durationMs(NODE_TIMEOUT_MS),
        connectTimeout: durationMs(1000),
        ttlMax: durationMs(TTL_MS_MAX),
        clockFloor: false,
        firstVerifyTimeout: durationMs(10_000),
        logger: silentLogger,
        clock: systemClock,
        random,
      }),
    ),
  );
  const closing = new AbortController();
  const probing = nodes.map((node, n) => probe(node, n, stores, closing.signal));
  return {
    nodes,
    stores,
    majority: Math.floor(count / 2) + 1,
    wellSince: (instant) => nodes.filter((node) => node.wellSince <= instant).length,
    close: async () => {
      closing.abort();
      await Promise.all(probing);
      for (const store of stores) await store.close();
      for (const { client, proxies, server } of nodes) {
        client.disconnect();
        for (const proxy of proxies) await proxy.close();
        await server.remove();
      }
    },
  };
}

async function openNode(args: readonly string[]): Promise<WorldNode> {
  const server = await startLeaseNode({ args });
  const client = new Redis({ path: server.socket, maxRetriesPerRequest: 0, commandTimeout: PROMPT_MS });
  client.on("error", () => {}); // told by the probe
  const proxies = await Promise.all(Array.from({ length: STORE_COUNT }, () => RedisProxy.start(server.socket)));
  return { server, client, proxies, touched: false, wellSince: Number.POSITIVE_INFINITY };
}

async function probe(node: WorldNode, n: number, stores: readonly LeaseStore[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const askedAt = performance.now();
    const answered = await node.client.ping().then(
      () => true,
      () => false,
    );
    await pause(PROBE_MS, signal);
    const isPrompt = answered && performance.now() - askedAt < PROMPT_MS + PROBE_MS;
    const votes = stores.every((store) => store.status().nodes[n]?.state === "voting");
    if (node.touched || !isPrompt || !votes) node.wellSince = Number.POSITIVE_INFINITY;
    else if (node.wellSince === Number.POSITIVE_INFINITY) node.wellSince = performance.now();
  }
}
