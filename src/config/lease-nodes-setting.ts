import { whyNoQuorum } from "../base/lease-nodes.ts";
import { redisUrl, withoutCredentials } from "./store-setting.ts";

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
  const fault = whyNoQuorum(nodes.map(serverOf));
  if (fault !== undefined) throw new Error(fault);
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
