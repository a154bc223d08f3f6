import { manyAtOnce } from "../support/many-at-once.ts";
import { openRedis } from "../support/redis-harness.ts";
import { conformance } from "./suite.ts";

conformance("redis", () => openRedis(1));
conformance("redis, asked for many at once,", async () => {
  const harness = await openRedis(1);
  return { ...harness, store: manyAtOnce(harness.store) };
});
conformance("redis with three shards", () => openRedis(3));
