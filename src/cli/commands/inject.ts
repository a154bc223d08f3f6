import { Command } from "commander";
import { withExample } from "../options.ts";

/** Configured by the environment only, as its pod is. */
export function injectCommand(): Command {
  const command = new Command("inject")
    .description("Puts the sidecar into pods: serves the webhook that a Kubernetes API server calls, until SIGTERM.")
    .addHelpText("after", "\nSettings come from ONCEWARD_INJECT_*: see docs/configuration.md and docs/kubernetes.md.");
  return withExample(command, "ONCEWARD_INJECT_TEMPLATE=sidecar.json onceward inject").action(async () => {
    const { inject } = await import("../../app/inject.ts");
    // As a sidecar: what a library still waits for, such as a dead collector, is let go.
    process.exit(await inject(process.env));
  });
}
