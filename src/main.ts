#!/usr/bin/env node
import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { holdYoungGeneration } from "./app/young-generation.ts";

// What V8 made of the code when the program was packaged: with it the start takes less. Sources have none.
const compiled = fileURLToPath(new URL("../compiled", import.meta.url));
if (existsSync(compiled)) enableCompileCache({ directory: compiled, portable: true });

// The sidecar, as it is mostly started, needs nothing of the command line.
const given = process.argv.slice(2);
if (given.length === 1 && given[0] === "serve") {
  holdYoungGeneration();
  const { serve } = await import("./app/serve.ts");
  // As the command has it: see cli/commands/serve.ts.
  process.exit(await serve(process.env));
} else {
  const { runCommandLine } = await import("./cli/run.ts");
  await runCommandLine(given);
}
