/** Which Redis servers can be the nodes of the leases: asked of the settings, and of whoever opens the nodes. */

/** Seven stand the loss of three; more make each lease slower, not safer. */
const LEASE_NODES_MAX = 7;

/**
 * Why these cannot decide by majority, in words that quote none of them; undefined when they can.
 * @param servers one text a node, the same for two names of one server.
 */
export function whyNoQuorum(servers: readonly string[]): string | undefined {
  const { length } = servers;
  if (length === 0) return "there are no lease nodes";
  if (length > LEASE_NODES_MAX) return `must be at most ${LEASE_NODES_MAX} nodes, not ${length}`;
  if (length % 2 === 0) {
    return (
      `must be an odd number of nodes, not ${length}: the last one would stand no further loss, ` +
      "and halves could be held by two callers so that nobody has a majority"
    );
  }
  if (new Set(servers).size === length) return undefined;
  return "two nodes are on the same Redis, and would be lost together: a node is a server, not a database";
}
