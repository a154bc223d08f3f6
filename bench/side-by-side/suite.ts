import { type Checked, verdict } from "../budgets.ts";
import { describeMachine, machineLines } from "../machine.ts";
import type { Options } from "../options.ts";
import type { SuiteDeps, SuiteResult } from "../suite.ts";
import { NODE_FLAGS } from "../support/servers.ts";
import { bringUp } from "./arena.ts";
import { checkBudgets, report } from "./report.ts";
import { runRounds } from "./run.ts";
import { summarize } from "./summary.ts";
import { chosen } from "./variants.ts";

const LOOPS = 64;

/** Every variant beside the others, in one run. */
export async function sideBySide(options: Options, { workplace, progress, signal }: SuiteDeps): Promise<SuiteResult> {
  const { size, seed, loops = LOOPS } = options;
  const machine = describeMachine(workplace.directory);
  const variants = chosen(options.only);
  progress.show(`starting ${variants.length} variants`);
  const { contestants, redisVersion } = await bringUp(workplace, variants, options.profileDirectory);
  const { rounds, burstMs, warmUpMs } = size;
  // performance.now() counts from the start of the process, so that a slow start shortens the rest.
  const endsAt = size.secondsMax * 1000;
  const measured = await runRounds(contestants, { rounds, burstMs, warmUpMs, loops, seed, endsAt, signal, progress });
  const summaries = summarize(variants, measured);
  const run = {
    rounds: summaries[0]?.rounds ?? 0,
    burstMs,
    warmUpMs,
    loops,
    seed,
    redis: redisVersion,
    flags: NODE_FLAGS,
  };
  const heading = [
    ...machineLines(machine),
    `flags     ${NODE_FLAGS.join(" ")} for every Node process`,
    `redis     ${redisVersion ?? "not used"}, one, on a Unix socket, without persistence`,
    `run       ${run.rounds} rounds, bursts of ${burstMs} ms in random order, ${loops} callers, seed ${seed}`,
  ];
  const budgets = checkBudgets(summaries).map(asJson);
  return {
    text: `${heading.join("\n")}\n\n${report(summaries)}`,
    json: { machine, run, summaries, measurements: measured.map(({ burst, ...rest }) => flat(rest, burst)), budgets },
  };
}

/** Latencies of single calls are left to the summary: they are millions. */
function flat<Rest extends object>(
  rest: Rest,
  { calls, seconds }: { readonly calls: number; readonly seconds: number },
) {
  return { ...rest, calls, seconds };
}

function asJson(checked: Checked) {
  return { ...checked.budget, measured: checked.measured, reaches: verdict(checked) };
}
