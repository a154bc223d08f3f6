import { Redis } from "ioredis";
import { NEW_KEY } from "../../src/store/redlock/keys.ts";
import { RedisServer, type RedisServerOptions } from "./redis-server.ts";

/** A Redis for leases that need not wait for leases of before: as an operator may say of a new one. */
export async function startLeaseNode(options?: RedisServerOptions): Promise<RedisServer> {
  const server = await RedisServer.start(options);
  await sayNew(server);
  return server;
}

export async function sayNew({ socket }: RedisServer, db = 0): Promise<void> {
  const redis = new Redis({ path: socket, db });
  await redis.set(NEW_KEY, "1");
  redis.disconnect();
}
