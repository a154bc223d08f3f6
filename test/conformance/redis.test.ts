import { openRedis } from "../support/redis-harness.ts";
import { conformance } from "./suite.ts";

conformance("redis", () => openRedis(1));
conformance("redis with three shards", () => openRedis(3));
