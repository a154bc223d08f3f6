/** Builds the program by which tests ask the API server's own code. Go keeps what it compiled: the first is slow. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ADMISSION_PROGRAM, ADMISSION_SCHEMAS_FILE, ADMISSION_SOURCE } from "./support/admission.ts";

/** Of a first build, which compiles about 1 100 packages: many times what it takes on two idle cores. */
const BUILD_MS_MAX = 25 * 60_000;

/**
 * Not optimised and without what a debugger needs: it is compiled once and runs for seconds, so the compiler's time is
 * what counts. On two cores that takes a quarter off a first build.
 */
const FLAGS = ["-gcflags=all=-N -l -dwarf=false", "-ldflags=-s -w", "-buildvcs=false"];

function go(...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync("go", args, {
    cwd: ADMISSION_SOURCE,
    env: { ...process.env, GOFLAGS: "-mod=readonly", GOWORK: "off" },
    encoding: "utf8",
    timeout: BUILD_MS_MAX,
  });
  if (status !== 0) throw new Error(`go ${args.join(" ")}: ${error?.message ?? ""}\n${stdout ?? ""}${stderr ?? ""}`);
  return stdout.trim();
}

try {
  mkdirSync(dirname(ADMISSION_PROGRAM), { recursive: true });
  const untidy = spawnSync("gofmt", ["-l", "."], { cwd: ADMISSION_SOURCE, encoding: "utf8" });
  if (untidy.status !== 0 || untidy.stdout !== "") throw new Error(`gofmt -l: ${untidy.stdout}${untidy.stderr}`);
  go("build", ...FLAGS, "-o", ADMISSION_PROGRAM, ".");
  const folder = go("list", "-m", "-f", "{{.Dir}}", "k8s.io/kubernetes");
  writeFileSync(ADMISSION_SCHEMAS_FILE, join(folder, "api", "openapi-spec", "v3"));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.stderr.write("Tests by the API server's own code need Go 1.26 or later, and the Go module proxy.\n");
  process.exitCode = 1;
}
