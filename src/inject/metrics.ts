/** What the injector counts, in Prometheus' text format (version 0.0.4). */
import type { EpochMs } from "../base/units.ts";

/** What became of a review; `invalid` = it was none. */
const RESULTS = ["inject", "mend", "leave", "refuse", "invalid"] as const;
type Result = (typeof RESULTS)[number];

/** What is read anew while the injector runs. */
const FOLLOWED = ["certificate", "template"] as const;
export type FollowedFile = (typeof FOLLOWED)[number];

export class InjectorTally {
  readonly #reviews = new Map<Result, number>();
  readonly #reloads = new Map<string, number>();

  count(result: Result): void {
    this.#reviews.set(result, this.reviews(result) + 1);
  }

  reviews(result: Result): number {
    return this.#reviews.get(result) ?? 0;
  }

  countReload(what: FollowedFile, isGood: boolean): void {
    const name = labelsOf(what, isGood);
    this.#reloads.set(name, (this.#reloads.get(name) ?? 0) + 1);
  }

  reloads(what: FollowedFile, isGood: boolean): number {
    return this.#reloads.get(labelsOf(what, isGood)) ?? 0;
  }
}

function labelsOf(what: FollowedFile, isGood: boolean): string {
  return `what="${what}",result="${isGood ? "taken" : "refused"}"`;
}

/** When the certificate in use ends: alert on it, since afterwards no labelled pod can be made. */
const EXPIRY = "onceward_injector_cert_expiry_timestamp_seconds";

export function injectorMetrics(tally: InjectorTally, notAfter: EpochMs): string {
  const reviews = RESULTS.map((result) => `{result="${result}"} ${tally.reviews(result)}`);
  const reloads = FOLLOWED.flatMap((what) =>
    [true, false].map((isGood) => `{${labelsOf(what, isGood)}} ${tally.reloads(what, isGood)}`),
  );
  return [
    metric("onceward_injector_reviews_total", "counter", "Admission reviews answered, by what was done.", reviews),
    metric("onceward_injector_reloads_total", "counter", "Replaced files, taken or refused as bad.", reloads),
    metric(EXPIRY, "gauge", "When the certificate in use ends, seconds since 1970.", [` ${notAfter / 1000}`]),
  ].join("");
}

function metric(name: string, type: string, help: string, samples: readonly string[]): string {
  const lines = samples.map((sample) => `${name}${sample}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}
