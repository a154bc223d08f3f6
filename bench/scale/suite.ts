import { budgetTable, type Checked } from "../budgets.ts";
import { describeMachine, machineLines } from "../machine.ts";
import type { Options } from "../options.ts";
import { resultsOf } from "../results.ts";
import { type Spread, spread } from "../statistics.ts";
import type { SuiteDeps, SuiteResult } from "../suite.ts";
import { ensureRedis } from "../support/servers.ts";
import { embeddedExpiry, redisExpiry } from "./expiry.ts";
import { embeddedGrounds, redisGrounds } from "./grounds.ts";
import { expiryTable, panelsOf, shardsTable, sizesTable } from "./report.ts";
import { measureShards } from "./shards.ts";
import { measureSizes, type Size } from "./sizes.ts";

/** What a record costs among many, in process and through a sidecar, and a pair on several Redis processes. */
export async function scale(options: Options, deps: SuiteDeps): Promise<SuiteResult> {
  const { workplace } = deps;
  const { size, seed } = options;
  const machine = describeMachine(workplace.directory);
  ensureRedis();
  const many = { sizes: size.scaleRecords, rounds: size.scaleRounds, seed };
  const sizes = [
    ...(await measureSizes(embeddedGrounds(workplace), many, deps)),
    ...(await measureSizes(redisGrounds(workplace), many, deps)),
  ];
  const expiry = [await embeddedExpiry(size.expiring, deps), await redisExpiry(size.expiring, deps)];
  const shards = await measureShards({ rounds: size.scaleRounds, burstMs: size.burstMs, seed }, deps);
  const budgets = checksOf(sizes);
  const heading = [...machineLines(machine), `run       ${size.scaleRounds} rounds, seed ${seed}`].join("\n");
  const figures = { sizes, expiry, shards };
  return {
    text: [heading, sizesTable(sizes), expiryTable(expiry), shardsTable(shards), budgetTable(budgets)].join("\n\n"),
    panels: panelsOf(figures),
    results: resultsOf({
      suite: options.suite,
      machine,
      budgets,
      variants: [...sizes, ...expiry, ...shards].map((one) => ({ name: nameOf(one), ...one })),
      run: { records: size.scaleRecords, rounds: size.scaleRounds, seed },
    }),
  };
}

function nameOf(one: object): string {
  if ("shards" in one) return `shards-${one.shards}`;
  const store = "store" in one ? one.store : "";
  return "records" in one ? `${store}-${one.records}` : `${store}-expiry`;
}

/** Of two stores the one that does worse counts; where only one size was asked for, nothing is compared. */
export function checksOf(sizes: readonly Size[]): Checked[] {
  const most = Math.max(...sizes.map(({ records }) => records));
  const largest = sizes.filter(({ records }) => records === most);
  const several = new Set(sizes.map(({ records }) => records)).size > 1;
  const worst = (ratios: readonly Spread[]) =>
    (several ? ratios.toSorted((a, b) => b.median - a.median)[0] : undefined) ?? spread([]);
  const redis = largest.find(({ store }) => store === "redis");
  return [
    { id: "P11", measured: spread([redis?.bytesPerRecord ?? Number.NaN].filter(Number.isFinite)) },
    { id: "P12", measured: worst(largest.map(({ replayRatio }) => replayRatio)) },
    { id: "P12-served", measured: worst(largest.map(({ served }) => served.ratio)) },
  ];
}
