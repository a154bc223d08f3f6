/** `npm run bench`: what onceward costs, beside what it is made of, in one run. */
import { writeFileSync } from "node:fs";
import { chart } from "./chart.ts";
import { type Options, readOptions, USAGE, UsageError } from "./options.ts";
import { openProgress } from "./progress.ts";
import type { SuiteDeps, SuiteResult } from "./suite.ts";
import { choosePins, coresToPin } from "./support/pin.ts";
import { Workplace } from "./support/workplace.ts";

const EXIT = { failed: 1, usage: 2, interrupted: 130 } as const;

async function runSuite(options: Options, deps: SuiteDeps): Promise<SuiteResult> {
  switch (options.suite) {
    case "side-by-side": {
      const { sideBySide } = await import("./side-by-side/suite.ts");
      return sideBySide(options, deps);
    }
    case "embedded": {
      const { embedded } = await import("./embedded/suite.ts");
      return embedded(options, deps);
    }
    case "scale": {
      const { scale } = await import("./scale/suite.ts");
      return scale(options, deps);
    }
    case "process": {
      const { processSuite } = await import("./process/suite.ts");
      return processSuite(options, deps);
    }
  }
}

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interrupted.abort());
  const progress = openProgress();
  try {
    await using workplace = new Workplace(options.pin ? choosePins(coresToPin()) : undefined);
    const { text, panels, results } = await runSuite(options, { workplace, progress, signal: interrupted.signal });
    progress.clear();
    process.stdout.write(`${text}\n`);
    const { jsonFile, chartFile } = options;
    if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify(results, null, 2)}\n`);
    const heading = `onceward, ${results.suite}, ${results.date}, commit ${results.commit}`;
    if (chartFile !== undefined) writeFileSync(chartFile, chart(heading, panels));
  } catch (error) {
    progress.clear();
    if (!interrupted.signal.aborted) throw error;
    process.stderr.write("interrupted\n");
    process.exitCode = EXIT.interrupted;
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const usage = error instanceof UsageError;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage ? `\n${USAGE}` : ""}`);
  process.exitCode = usage ? EXIT.usage : EXIT.failed;
}
