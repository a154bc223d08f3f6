import { describeMachine, machineLines } from "../machine.ts";
import type { Options } from "../options.ts";
import { resultsOf } from "../results.ts";
import type { SuiteDeps, SuiteResult } from "../suite.ts";
import { pinsInWords } from "../support/pin.ts";
import { NODE_FLAGS } from "../support/servers.ts";
import { type Arena, bringUp, type Contestant } from "./arena.ts";
import { checkBudgets } from "./checks.ts";
import { type Offered, offerLoad, rateFor, singleNames } from "./offer.ts";
import { panels, report } from "./report.ts";
import { type Measurement, runRounds } from "./run.ts";
import { type Summary, summarize } from "./summary.ts";
import { chosen, ECHO_COPY } from "./variants.ts";

const LOOPS = 64;

/** Every variant beside the others, in one run. */
export async function sideBySide(options: Options, deps: SuiteDeps): Promise<SuiteResult> {
  const { workplace, progress, signal } = deps;
  const { size, seed, loops = LOOPS } = options;
  const machine = describeMachine(workplace.directory);
  const variants = chosen(options.only);
  const { burstMs, warmUpMs } = size;
  // performance.now() counts from the start of the process, so that a slow start shortens the rest.
  const endsAt = size.secondsMax * 1000;
  const measured: Measurement[] = [];
  let arena: Arena | undefined;
  const livesMax = Math.min(size.lives, size.rounds);
  let lives = 0;
  for (; lives < livesMax && (lives === 0 || performance.now() < endsAt); lives++) {
    if (lives > 0) await workplace.startOver();
    progress.show(`starting ${variants.length} variants`);
    arena = await bringUp(workplace, variants, options.profileDirectory);
    const before = Math.max(0, ...measured.map(({ round }) => round));
    const rounds = Math.ceil((size.rounds - before) / (livesMax - lives));
    const run = { before, inAll: size.rounds, rounds, burstMs, warmUpMs, loops, seed, endsAt };
    measured.push(...(await runRounds(arena.contestants, { ...run, signal, progress })));
  }
  const { contestants = [], redisVersion } = arena ?? {};
  const summaries = summarize(variants, measured);
  const offered = await offerAfterwards(contestants, summaries, options, deps);
  const figures = { summaries, offered, budgets: checkBudgets(measured) };
  const run = {
    rounds: summaries[0]?.rounds ?? 0,
    lives,
    burstMs,
    warmUpMs,
    loops,
    seed,
    redis: redisVersion ?? null,
    flags: NODE_FLAGS,
    pins: workplace.pins ?? null,
  };
  const heading = [
    ...machineLines(machine),
    `flags     ${NODE_FLAGS.join(" ")} for every Node process`,
    `cores     ${pinsInWords(workplace.pins)}`,
    `redis     ${redisVersion ?? "not used"}, on Unix sockets, without persistence`,
    `run       ${run.rounds} rounds, bursts of ${burstMs} ms in random order, ${loops} callers, seed ${seed}`,
    `warm-up   ${warmUpMs} ms of each variant, not counted`,
    `lives     ${lives === 1 ? "one set of processes" : `${lives} sets of processes, one after the other`}`,
  ];
  const copy = summaries.find(({ name }) => name === ECHO_COPY);
  const noise = copy && { callsPerSecond: copy.ratios.throughput, callsPerServerCore: copy.ratios.perServerCore };
  return {
    text: `${heading.join("\n")}\n\n${report(figures)}`,
    panels: panels(figures),
    results: resultsOf({
      suite: options.suite,
      machine,
      noise,
      budgets: figures.budgets,
      variants: summaries.map((one) => ({ ...one, offered: withoutName(offered, one.name) })),
      run,
    }),
  };
}

/** When all bursts are over: nothing that is compared by ratios is disturbed by it. */
async function offerAfterwards(
  contestants: readonly Contestant[],
  summaries: readonly Summary[],
  { size, rate, seed }: Options,
  { signal, progress }: SuiteDeps,
): Promise<Offered[]> {
  const callsPerSecond = rate ?? rateFor(summaries, singleNames(contestants));
  if (callsPerSecond === undefined) return [];
  return offerLoad(contestants, { rounds: size.offerRounds, ms: size.offerMs, callsPerSecond, seed, signal, progress });
}

function withoutName(offered: readonly Offered[], name: string): Omit<Offered, "variant"> | null {
  const found = offered.find(({ variant }) => variant === name);
  if (found === undefined) return null;
  const { variant: _, ...rest } = found;
  return rest;
}
