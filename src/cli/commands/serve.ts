import { Command } from "commander";
import { withExample } from "../options.ts";

/** Configured by environment and file only, so that a container and a shell start it in one way. */
export function serveCommand(): Command {
  const command = new Command("serve")
    .description("Runs the sidecar until SIGTERM or SIGINT. Its first line on stdout says that it is ready.")
    .addHelpText("after", '\nSettings come from ONCEWARD_* and the file ONCEWARD_CONFIG: see "onceward config".');
  return withExample(command, "ONCEWARD_STORE=redis://127.0.0.1:6379 onceward serve").action(async () => {
    const { serve } = await import("../../app/serve.ts");
    // Everything is closed and written: what a library still waits for, such as a dead collector, is let go.
    process.exit(await serve(process.env));
  });
}
