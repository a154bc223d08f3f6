/**
 * Every key of a lease node. The nodes are single servers, independent of each other, so no hash tags are needed.
 *
 * | key | holds |
 * |---|---|
 * | `onceward:lease:marker` | which run of the server was found to know all it must, see marker.ts |
 * | `onceward:lease:new` | set by an operator: no lease of this node can be left, so that it need not wait at first |
 * | `onceward:lease:weakened` | a set: generations of markers of nodes, this one or others, that keep no longer all |
 * | `onceward:lease:fence` | a hash: highest token accepted, by bucket |
 * | `onceward:lease:forgotten` | a hash: the same as it was when the node last lost what it knew of single resources |
 * | `onceward:lease:lock:<namespace>:<resource>` | a hash, gone when the lease ends: who holds it, and its token |
 * | `onceward:lease:last:<namespace>:<resource>` | last token and its marker's generation, {@link LEASE_KNOWN_MS} |
 * | `onceward:lease:index:<namespace>` | a sorted set: names of resources that are or were held |
 * | `onceward:lease:ends:<namespace>` | the same by when the lease ends, for tidying up |
 */
import { hash } from "node:crypto";
import type { LeaseAddress } from "../../domain/lease.ts";

/**
 * How many counters a fence has. A counter that rises for its bucket rises for each resource in it, so that memory, and
 * what a node that lost its data has to copy, are bounded whatever the number of resources.
 */
const BUCKET_COUNT = 1024;

export const MARKER_KEY = "onceward:lease:marker";
export const NEW_KEY = "onceward:lease:new";
export const WEAKENED_KEY = "onceward:lease:weakened";
export const FENCE_KEY = "onceward:lease:fence";
export const FORGOTTEN_KEY = "onceward:lease:forgotten";

/** A resource as the nodes know it. */
export interface Place {
  readonly namespace: string;
  readonly resource: string;
  readonly bucket: string;
  readonly lock: string;
  readonly last: string;
  readonly index: string;
  readonly ends: string;
}

export function placeOf({ namespace, resource }: LeaseAddress): Place {
  const name = `${namespace}:${resource}`; // a namespace has no colon
  return {
    namespace,
    resource,
    bucket: String(Number.parseInt(hash("sha1", name).slice(0, 8), 16) % BUCKET_COUNT),
    lock: `onceward:lease:lock:${name}`,
    last: `onceward:lease:last:${name}`,
    index: `onceward:lease:index:${namespace}`,
    ends: `onceward:lease:ends:${namespace}`,
  };
}
