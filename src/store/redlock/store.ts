import { invalid } from "../../base/errors.ts";
import type { DurationMs, FencingToken } from "../../base/units.ts";
import type {
  AcquireCommand,
  AcquireOutcome,
  CheckFenceOutcome,
  ForceReleaseOutcome,
  HeldLease,
  LeaseAddress,
  LeaseProof,
  LeaseReleaseOutcome,
  LeaseRenewCommand,
  LeaseRenewOutcome,
} from "../../domain/lease.ts";
import type { LeaseQuery, LeaseStore, LeaseStoreStatus, LeaseWatch } from "../port.ts";
import { acquire } from "./acquire.ts";
import type { Admission } from "./admission.ts";
import { forceRelease } from "./force.ts";
import { placeOf } from "./keys.ts";
import { listLeases } from "./list.ts";
import type { Quorum } from "./quorum.ts";
import { checkFence, inspectLease } from "./read.ts";
import { release } from "./release.ts";
import { renew } from "./renew.ts";

/** Leases on a majority of independent nodes. Each call is a file of its own. */
export class QuorumLeases implements LeaseStore {
  readonly #quorum: Quorum;
  readonly #admission: Admission;
  readonly #ttlMax: DurationMs;
  /** Calls in flight by lease: one lease asked for twice at once would have its tokens compete. */
  readonly #acquiring = new Map<string, Promise<AcquireOutcome>>();
  /** By lease: what still puts it onto nodes that miss it. A release comes after. */
  readonly #healing = new Map<string, Promise<void>>();

  constructor(deps: { readonly quorum: Quorum; readonly admission: Admission; readonly ttlMax: DurationMs }) {
    this.#quorum = deps.quorum;
    this.#ttlMax = deps.ttlMax;
    this.#admission = deps.admission;
  }

  async acquire(at: LeaseAddress, command: AcquireCommand): Promise<AcquireOutcome> {
    this.#assertNotTooLong(command.ttl);
    const place = placeOf(at);
    const key = `${place.lock} ${command.leaseId}`;
    const running = this.#acquiring.get(key);
    if (running !== undefined) return running;
    const acquiring = acquire(this.#quorum, place, command).finally(() => this.#acquiring.delete(key));
    this.#acquiring.set(key, acquiring);
    return acquiring;
  }

  async renew(at: LeaseAddress, command: LeaseRenewCommand): Promise<LeaseRenewOutcome> {
    this.#assertNotTooLong(command.ttl);
    const { outcome, heal } = await renew(this.#quorum, placeOf(at), command);
    if (heal !== undefined) {
      const healing = heal().finally(() => {
        if (this.#healing.get(command.leaseId) === healing) this.#healing.delete(command.leaseId);
      });
      this.#healing.set(command.leaseId, healing);
    }
    return outcome;
  }

  async release(at: LeaseAddress, proof: LeaseProof): Promise<LeaseReleaseOutcome> {
    await this.#healing.get(proof.leaseId);
    return release(this.#quorum, placeOf(at), proof);
  }

  inspect(at: LeaseAddress): Promise<HeldLease | undefined> {
    return inspectLease(this.#quorum, placeOf(at));
  }

  list(query: LeaseQuery): Promise<{ readonly leases: readonly HeldLease[]; readonly next: string }> {
    return listLeases(this.#quorum, query);
  }

  forceRelease(at: LeaseAddress): Promise<ForceReleaseOutcome> {
    return forceRelease(this.#quorum, placeOf(at));
  }

  checkFence(at: LeaseAddress, token: FencingToken): Promise<CheckFenceOutcome> {
    return checkFence(this.#quorum, placeOf(at), token);
  }

  /** There are no hints of a lease's end: most end by themselves, each node for itself. */
  watch(): LeaseWatch {
    return { hears: false, close: () => {} };
  }

  status(): LeaseStoreStatus {
    const { voting, majority, nodes: all, clockFloor } = this.#quorum;
    const nodes = all.map((node) => node.status());
    const serving = voting >= majority;
    const reasons = nodes.filter(({ reason }) => reason !== "").map(({ address, reason }) => `${address}: ${reason}`);
    const reason = `${voting} of ${nodes.length} lease nodes vote, ${majority} are needed; ${reasons.join("; ")}`;
    const fence = `each token is accepted by ${majority} of ${nodes.length} nodes${clockFloor ? FLOOR : ""}`;
    return {
      kind: "quorum",
      serving,
      reason: serving ? "" : reason,
      nodes,
      fence,
      warnings: this.#admission.warnings(),
    };
  }

  close(): Promise<void> {
    this.#admission.close();
    for (const node of this.#quorum.nodes) node.close();
    return Promise.resolve();
  }

  /** A node that lost its data is kept out for as long as the longest lease, so there must be none that is longer. */
  #assertNotTooLong(ttl: DurationMs): void {
    if (ttl < 1 || ttl > this.#ttlMax) throw invalid([{ field: "ttl_ms", problem: `must be 1 to ${this.#ttlMax}` }]);
  }
}

const FLOOR = ", and is not below their time in µs";
