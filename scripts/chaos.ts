/** `npm run chaos`: leases while their nodes are killed, held up, cut off and out of time, for minutes. */
import { parseArgs } from "node:util";
import { type ChaosReport, runLeaseChaos } from "../test/simulation/lease-chaos.ts";

const USAGE = `npm run chaos -- [--minutes 2] [--seed n] [--nodes 3|5]

Runs leases on private Redis nodes while a minority of the nodes is harmed, again and again, and checks every answer.
The time is divided between runs on 3 and on 5 nodes, that keep or lose their data, with and without clocks that jump.
The seed fixes what is done, not when exactly.
`;
/** What one run must have acquired in a second, or it has shown nothing. */
const ACQUISITIONS_PER_SECOND_MIN = 10;
const FAULTS_SHOWN_MAX = 20;

const KINDS = [
  { durable: false, shifts: false },
  { durable: false, shifts: true },
  { durable: true, shifts: true },
] as const;

interface Options {
  readonly seconds: number;
  readonly seed: number;
  readonly nodes: readonly number[];
}

/** Undefined = help was asked for. */
function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "2" },
      seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
      nodes: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const [minutes, seed, nodes] = [Number(values.minutes), Number(values.seed), Number(values.nodes ?? 3)];
  const isWrong = !(minutes > 0) || !Number.isSafeInteger(seed) || ![3, 5].includes(nodes);
  if (isWrong) throw new TypeError("minutes above 0, a whole seed, 3 or 5 nodes");
  return { seconds: minutes * 60, seed, nodes: values.nodes === undefined ? [3, 5] : [nodes] };
}

function inWords({ acquisitions, counts }: Pick<ChaosReport, "acquisitions" | "counts">): string {
  const what = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return [`acquisitions ${acquisitions}`, ...what].join("  ");
}

async function runAll({ seconds, seed, nodes }: Options): Promise<boolean> {
  const runs = nodes.flatMap((count) => KINDS.map((kind) => ({ nodes: count, ...kind })));
  const secondsEach = seconds / runs.length;
  let isGood = true;
  for (const run of runs) {
    const name = `${run.nodes} nodes that ${run.durable ? "keep" : "lose"} data${run.shifts ? ", clocks jump" : ""}`;
    const onProgress = (soFar: Parameters<typeof inWords>[0]) => process.stderr.write(`${name}: ${inWords(soFar)}\n`);
    const report = await runLeaseChaos({ ...run, seed, seconds: secondsEach, onProgress });
    const worked = report.acquisitions >= secondsEach * ACQUISITIONS_PER_SECOND_MIN;
    isGood &&= worked && report.faults.length === 0;
    const found = `overlaps ${report.overlaps.length}  faults ${report.faults.length}`;
    process.stdout.write(`${name}: ${inWords(report)}  ${found}\n`);
    if (!worked) process.stdout.write(`  too little happened in ${Math.round(secondsEach)} s to show anything\n`);
    for (const fault of report.faults.slice(0, FAULTS_SHOWN_MAX)) process.stdout.write(`  ${fault}\n`);
  }
  process.stdout.write(`${isGood ? "nothing went wrong" : "FAILED"}; again with --seed ${seed}\n`);
  return isGood;
}

try {
  const options = readOptions();
  if (options === undefined) process.stdout.write(USAGE);
  else if (!(await runAll(options))) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
