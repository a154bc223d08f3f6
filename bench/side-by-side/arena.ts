import { join } from "node:path";
import { run } from "../../scripts/support/run.ts";
import type { Workload } from "../load/protocol.ts";
import { Loader } from "../support/loader.ts";
import { type Server, startEcho, startRedis, startSidecar } from "../support/servers.ts";
import type { Workplace } from "../support/workplace.ts";
import type { Variant } from "./variants.ts";

/** Installing it, where it is missing, may take that long. */
const ENSURE_MINUTES_MAX = 6;

type Client = Workload["client"];

/** A variant that is up, and the processes whose CPU its calls cost. */
export interface Contestant {
  readonly variant: Variant;
  readonly loader: Loader;
  /** Undefined when there is no server but Redis. */
  readonly server: number | undefined;
  /** Undefined when Redis has no part in it. */
  readonly redis: number | undefined;
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
  const redis = variants.some(usesRedis) ? await ensuredRedis(workplace) : undefined;
  // One process calls every gRPC server, so that how it feels today is the same for all; others call Redis.
  const loaders = new Map<Client, Promise<Loader>>();
  const loaderOf = (client: Client) => {
    const loader = loaders.get(client) ?? Loader.start(workplace, `the load process (${client})`);
    loaders.set(client, loader);
    return loader;
  };
  const contestants = variants.map(async (variant): Promise<Contestant> => {
    const own = await startServer(workplace, variant, { redis, profileDirectory });
    const workload = workloadOf(variant, own ?? redis);
    const loader = await loaderOf(workload.client);
    await loader.prepare(variant.name, workload);
    return { variant, loader, server: own?.pid, redis: usesRedis(variant) ? redis?.pid : undefined };
  });
  return { contestants: await Promise.all(contestants), redisVersion: redis?.version };
}

function usesRedis({ serves }: Variant): boolean {
  return serves === "redis" || serves === "script" || serves === "store";
}

async function ensuredRedis(workplace: Workplace) {
  const { ok, output } = run("node", ["scripts/ensure-redis.ts"], { output: "pipe", minutesMax: ENSURE_MINUTES_MAX });
  if (!ok) throw new Error(output.trimEnd());
  return startRedis(workplace);
}

interface Around {
  readonly redis: Server | undefined;
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
      return sidecar(urlOf(redis));
    case "script":
    case "store":
      return undefined;
  }
}

function urlOf(redis: Server | undefined): string {
  return `redis+unix://${redis?.address}`;
}

function workloadOf(variant: Variant, server: Server | undefined): Workload {
  if (server === undefined) throw new Error(`${variant.name} has nobody to call`);
  if (variant.serves === "script") return { client: "script", socket: server.address, calls: variant.calls };
  if (variant.serves === "store") return { client: "store", store: urlOf(server), calls: variant.calls };
  return { client: "grpc", address: server.address, calls: variant.calls };
}
