import { redisUrl, withoutCredentials } from "./store-setting.ts";

/** More nodes make each lease slower, not safer: 7 stand the loss of 3. */
const NODES_MAX = 7;
/** Where a Redis listens whose URL names no port. */
const REDIS_PORT = 6379;

/**
 * Reads ONCEWARD_LEASE_NODES; empty = none. The error says what is wrong in words for whoever wrote it, and quotes
 * nothing: a piece of a password may stand where a comma is missing.
 */
export function parseLeaseNodes(text: string): readonly string[] {
  if (text.trim() === "") return [];
  const nodes = text.split(",").map((part, index) => {
    try {
      return redisUrl(part.trim());
    } catch (error) {
      throw new Error(`node ${index + 1}: ${error instanceof Error ? error.message : "cannot be read"}`);
    }
  });
  if (nodes.length > NODES_MAX) throw new Error(`must be at most ${NODES_MAX} nodes, not ${nodes.length}`);
  if (nodes.length % 2 === 0) {
    throw new Error(
      `must be an odd number of nodes, not ${nodes.length}: the last one would stand no further loss, ` +
        "and halves could be held by two callers so that nobody has a majority",
    );
  }
  if (new Set(nodes.map(serverOf)).size !== nodes.length) {
    throw new Error("two nodes are on the same Redis, and would be lost together: a node is a server, not a database");
  }
  return nodes;
}

/** What two URLs share that lead to the same process, whatever the database and however they are written. */
function serverOf(text: string): string {
  const { protocol, hostname, port, pathname } = new URL(text);
  return protocol === "redis+unix:" ? pathname : `${hostname}:${Number(port || REDIS_PORT)}`;
}

/** The setting without credentials, for people and logs. */
export function describeLeaseNodes(nodes: readonly string[]): string {
  return nodes.map(withoutCredentials).join(",");
}
