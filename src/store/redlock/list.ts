import type { HeldLease } from "../../domain/lease.ts";
import type { LeaseQuery } from "../port.ts";
import { type Place, placeOf } from "./keys.ts";
import type { LeaseNode } from "./node.ts";
import type { Quorum } from "./quorum.ts";
import { leaseFrom } from "./read.ts";
import { leftOf, textOf, tokenOf } from "./replies.ts";

/** How many fields of a reply tell one lock. */
const FIELDS_PER_LOCK = 6;

interface Locks {
  readonly locks: readonly (Parameters<typeof leaseFrom>[0][number] & { readonly resource: string })[];
  /** Up to which name the node has looked; undefined = to the end. */
  readonly lookedTo: string | undefined;
}

/** A page by name of resource. Looks at as many names a node as leases are asked for, so that a page may be short. */
export async function listLeases(
  quorum: Quorum,
  { namespace, limit, cursor }: LeaseQuery,
): Promise<{ readonly leases: readonly HeldLease[]; readonly next: string }> {
  const place = placeOf({ namespace, resource: "" });
  const after = Buffer.from(cursor, "base64url").toString();
  const { answers } = await quorum.countAll({
    ask: (node) => listOn(node, place, { after, limit }),
    isFor: () => true,
  });
  quorum.assertMajority(answers);
  const pages = [...answers.values()];
  const [bound] = pages.flatMap(({ lookedTo }) => (lookedTo === undefined ? [] : [lookedTo])).sort(byBytes);
  const within = pages
    .flatMap(({ locks }) => locks)
    .filter(({ resource }) => bound === undefined || byBytes(resource, bound) <= 0);
  const byName = [...Map.groupBy(within, ({ resource }) => resource)].sort(([a], [b]) => byBytes(a, b));
  const leases = byName.flatMap(([resource, locks]) => {
    const lease = leaseFrom(locks, { namespace, resource }, quorum.majority);
    return lease === undefined ? [] : [lease];
  });
  return { leases, next: bound === undefined ? "" : Buffer.from(bound).toString("base64url") };
}

async function listOn(
  node: LeaseNode,
  { lock, index, ends }: Place,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<Locks> {
  const [, last, hasMore, ...fields] = await node.ask("list", [lock, index, ends], [after, limit]);
  const locks = Array.from({ length: Math.floor(fields.length / FIELDS_PER_LOCK) }, (_, n) => {
    const [resource, id, owner, token, acquiredAt, left] = fields.slice(n * FIELDS_PER_LOCK);
    return {
      resource: textOf(resource),
      id: textOf(id),
      owner: textOf(owner),
      token: tokenOf(token),
      acquiredAt: textOf(acquiredAt),
      left: leftOf(left),
    };
  });
  return { locks, lookedTo: hasMore === 1 ? textOf(last) : undefined };
}

/** As Redis sorts names. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
