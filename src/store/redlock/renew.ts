import { monotonicMs } from "../../base/clock.ts";
import { durationMs } from "../../base/units.ts";
import { LEASE_KNOWN_MS, type LeaseRenewCommand, type LeaseRenewOutcome, validityOf } from "../../domain/lease.ts";
import { FENCE_KEY, type Place } from "./keys.ts";
import type { LeaseNode } from "./node.ts";
import type { Quorum } from "./quorum.ts";
import { leftOf, leftOnMajority, tagOf, textOf } from "./replies.ts";

type Answer =
  | { readonly kind: "extended"; readonly left: number; readonly owner: string; readonly acquiredAt: string }
  /** `unset`: the lock has this id, but missed its token. */
  | { readonly kind: "unset" | "missing" | "other" };

export interface Renewed {
  readonly outcome: LeaseRenewOutcome;
  /** Puts the lease onto nodes that miss it; never rejects. Undefined when it is lost. */
  readonly heal?: () => Promise<void>;
}

/**
 * Extends a lease on a majority. Lost is told only when so many nodes say that they do not have it that no majority
 * can; silence is no loss, and nothing is given up by it.
 */
export async function renew(quorum: Quorum, place: Place, command: LeaseRenewCommand): Promise<Renewed> {
  const askedAt = monotonicMs();
  const isFor = ({ kind }: Answer) => kind === "extended";
  const count = await quorum.count({ ask: (node) => extendOn(node, place, command), isFor });
  if (!count.won) {
    await count.all;
    quorum.assertMajority(count.answers);
    const without = [...count.answers.values()].filter(({ kind }) => kind === "missing" || kind === "other").length;
    if (without >= quorum.majority) return { outcome: { kind: "lost" } };
    throw quorum.unavailable("too few could extend the lease");
  }
  const extended = [...count.answers.values()].filter((answer) => answer.kind === "extended");
  const left = leftOnMajority(
    extended.map((answer) => answer.left),
    quorum.majority,
  );
  const validity = validityOf(left, monotonicMs() - askedAt);
  if (validity <= 0) throw quorum.unavailable(`extending the lease took longer than its ${command.ttl} ms`);
  const [like] = extended;
  const heal = async () => {
    await count.all;
    const healed = [...count.answers].map(async ([node, { kind }]) => {
      const leftNow = validityOf(left, monotonicMs() - askedAt);
      if (like === undefined || leftNow <= 0 || (kind !== "missing" && kind !== "unset")) return;
      await node.ask("heal", [place.lock, FENCE_KEY, place.index, place.ends, place.last], healing(leftNow, like));
    });
    await Promise.allSettled(healed);
  };
  const healing = (leftNow: number, { owner, acquiredAt }: Extract<Answer, { kind: "extended" }>) => {
    const { bucket, namespace, resource } = place;
    const { leaseId, token } = command;
    return [leaseId, String(token), leftNow, bucket, owner, namespace, resource, acquiredAt, LEASE_KNOWN_MS];
  };
  return { outcome: { kind: "renewed", validity: durationMs(validity) }, heal };
}

async function extendOn(node: LeaseNode, place: Place, { leaseId, token, ttl }: LeaseRenewCommand): Promise<Answer> {
  const reply = await node.ask("extend", [place.lock, place.last], [leaseId, String(token), ttl, LEASE_KNOWN_MS]);
  const tag = tagOf(reply);
  switch (tag) {
    case "extended":
      return { kind: tag, left: leftOf(reply[1]), owner: textOf(reply[2]), acquiredAt: textOf(reply[3]) };
    case "unset":
    case "missing":
      return { kind: tag };
    default:
      return { kind: "other" };
  }
}
