import { join } from "node:path";
import type { Workload } from "../load/protocol.ts";
import { Loader } from "../support/loader.ts";
import {
  ensureRedis,
  type RedisServer,
  type Server,
  startEcho,
  startRedis,
  startSidecar,
  startSwitched,
} from "../support/servers.ts";
import type { Workplace } from "../support/workplace.ts";
import type { Variant } from "./variants.ts";

type Client = Workload["client"];

/** Names of the shards of the store that has three. */
const SHARDS = ["a", "b", "c"];

/** A variant that is up, and the processes whose CPU its calls cost. */
export interface Contestant {
  readonly variant: Variant;
  readonly loader: Loader;
  /** Undefined when there is no server but Redis. */
  readonly server: number | undefined;
  /** None when Redis has no part in it. */
  readonly redis: readonly number[];
  /** Makes the server what it is to be for this variant, before each burst. */
  readonly takeTurn: () => Promise<void>;
  /** Has the server do what a burst has left to be done, at the burst's expense. */
  readonly endTurn: () => Promise<void>;
}

export interface Arena {
  readonly contestants: readonly Contestant[];
  /** Undefined when none of the variants needs it. */
  readonly redisVersion: string | undefined;
}

/** Starts every server and load process, all at once, and prepares what each variant builds on. */
export async function bringUp(
  workplace: Workplace,
  variants: readonly Variant[],
  profileDirectory: string | undefined,
): Promise<Arena> {
  if (variants.some((variant) => redisOf(variant) !== "none")) ensureRedis();
  const start = async (name: string, wanted: boolean) => (wanted ? startRedis(workplace, name) : undefined);
  const needs = (which: ReturnType<typeof redisOf>) => variants.some((variant) => redisOf(variant) === which);
  const pairs = await start("redis", needs("pairs"));
  const begins = await start("redis-begins", needs("begins"));
  const three = await Promise.all(SHARDS.map((name) => start(`redis-${name}`, needs("three"))));
  const redis: Redises = { pairs, begins, three: three.filter((server) => server !== undefined) };
  // One process calls every gRPC server, so that how it feels today is the same for all; others call Redis.
  const loaders = new Map<Client, Promise<Loader>>();
  const loaderOf = (client: Client) => {
    const loader = loaders.get(client) ?? Loader.start(workplace, `the load process (${client})`);
    loaders.set(client, loader);
    return loader;
  };
  let started: ReturnType<typeof startSwitched> | undefined;
  const switchedOn = (server: RedisServer | undefined) =>
    (started ??= startSwitched(workplace, "telemetry", { store: urlOf(server), profileDirectory }));
  const contestants = variants.map(async (variant): Promise<Contestant> => {
    const beneath = { none: [], pairs: [redis.pairs], begins: [redis.begins], three: redis.three }[redisOf(variant)];
    const { telemetry } = variant;
    const switched = telemetry === undefined ? undefined : await switchedOn(begins);
    const own = switched ?? (await startServer(workplace, variant, { redis: beneath, profileDirectory }));
    const workload = workloadOf(variant, own ?? beneath[0]);
    const loader = await loaderOf(workload.client);
    await loader.prepare(variant.name, workload);
    const takeTurn = async () => {
      if (telemetry !== undefined) await switched?.switchTo(telemetry);
    };
    const endTurn = async () => {
      if (telemetry !== undefined) await switched?.sendSpans();
    };
    const redisPids = beneath.map((server) => server?.pid ?? 0);
    return { variant, loader, server: own?.pid, redis: redisPids, takeTurn, endTurn };
  });
  return { contestants: await Promise.all(contestants), redisVersion: (pairs ?? begins ?? redis.three[0])?.version };
}

interface Redises {
  readonly pairs: RedisServer | undefined;
  /**
   * Of its own for whoever only begins: what is left unfinished makes the indexes of the slots long, dozens of entries
   * instead of one or none, for which pairs beside it would pay.
   */
  readonly begins: RedisServer | undefined;
  /** The shards of one store; empty when no variant needs them. */
  readonly three: readonly RedisServer[];
}

function redisOf({ serves, calls }: Variant): "none" | keyof Redises {
  if (serves === "echo" || serves === "embedded") return "none";
  if (serves === "redis-3") return "three";
  return calls === "begins" || calls === "begins-100" ? "begins" : "pairs";
}

interface Around {
  /** Those that the variant's store has. */
  readonly redis: readonly (Server | undefined)[];
  readonly profileDirectory: string | undefined;
}

async function startServer(workplace: Workplace, variant: Variant, { redis, profileDirectory }: Around) {
  const { name } = variant;
  const sidecar = (store: string) => startSidecar(workplace, name, { store, profileDirectory });
  switch (variant.serves) {
    case "echo":
      return startEcho(workplace, name);
    case "embedded":
      return sidecar(`embedded:${join(workplace.directory, name)}`);
    case "redis":
    case "session":
    case "library":
      return sidecar(urlOf(redis[0]));
    case "redis-3":
      return sidecar(redis.map((server, index) => `${SHARDS[index]}=${urlOf(server)}`).join());
    case "script":
    case "packed":
    case "store":
    case "powertools":
    case "node-idempotency":
      return undefined;
  }
}

function urlOf(redis: Server | undefined): string {
  return `redis+unix://${redis?.address}`;
}

function workloadOf(variant: Variant, server: Server | undefined): Workload {
  if (server === undefined) throw new Error(`${variant.name} has nobody to call`);
  const { address } = server;
  switch (variant.serves) {
    case "store":
      return { client: "store", store: urlOf(server), calls: variant.calls };
    case "packed":
      return { client: "packed", socket: address, calls: variant.calls };
    case "script":
    case "powertools":
    case "node-idempotency":
      return { client: variant.serves, socket: address, calls: variant.calls };
    case "session":
    case "library":
      return { client: variant.serves, address, calls: variant.calls };
    default:
      return { client: "grpc", address, calls: variant.calls };
  }
}
