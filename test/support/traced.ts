/** Sidecars that export to a collector of the test's own, and callers with traces of their own. */
import { randomBytes } from "node:crypto";
import { uniqueId } from "../../src/base/random.ts";
import { type Client, openClient } from "./grpc.ts";
import { RedisServer } from "./redis-server.ts";
import { freshFolder, killAll, type RunningSidecar, startProcess } from "./sidecar.ts";

/** In every key, owner, payload and result: what must be found nowhere. */
export const SECRET = "4111-1111-1111-1111";
export const CALLER_SPAN = "b7ad6b7169203331";
export const SERVICE = "onceward.v1.IdempotencyService";
/** Spans go out soon; a test does not want to wait. */
const SOON = { OTEL_BSP_SCHEDULE_DELAY: "50" };

/** A caller's trace: what it sends along, and the id it is found by. */
export function trace(flags = "01") {
  const traceId = randomBytes(16).toString("hex");
  return { traceId, metadata: { traceparent: `00-${traceId}-${CALLER_SPAN}-${flags}` } };
}

export function secretAddress(parts: { readonly namespace?: string; readonly key?: string } = {}) {
  return { namespace: "payments", operation: "charge", stream: "", key: `${SECRET}-${uniqueId()}`, ...parts };
}

/** Starts sidecars, and ends them with all that belongs to them. */
export function sidecars() {
  const closing: Array<() => unknown> = [];
  const store = async (kind: "embedded" | "redis") => {
    if (kind === "redis") {
      const redis = await RedisServer.start();
      closing.push(() => redis.remove());
      return redis.url();
    }
    const folder = freshFolder();
    closing.push(() => folder.remove());
    return `embedded:${folder.path}/store`;
  };
  return {
    async start(
      env: Readonly<Record<string, string>>,
      kind: "embedded" | "redis" = "embedded",
      commandLine?: readonly [string, ...string[]],
    ): Promise<{ readonly sidecar: RunningSidecar; readonly client: Client }> {
      const sidecar = await startProcess({ ...SOON, ...env, ONCEWARD_STORE: await store(kind) }, commandLine);
      const client = openClient(sidecar.ready.listen);
      closing.push(() => client.close());
      return { sidecar, client };
    },
    async close() {
      await killAll();
      for (const close of closing.splice(0).reverse()) await close();
    },
  };
}
