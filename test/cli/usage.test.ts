import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { COMMANDS } from "../../src/cli/commands.ts";
import { type Beside, MAIN, onceward, startBeside } from "./process.ts";

/** Answers nothing: whatever is asked of it runs into its deadline. */
async function listenSilently() {
  const server = createServer((socket) => socket.on("error", () => {}).resume());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = server.address();
  const port = typeof at === "object" && at !== null ? at.port : 0;
  return { address: `127.0.0.1:${port}`, stop: () => new Promise((resolve) => server.close(resolve)) };
}

const HELPED = COMMANDS.map(({ name }) => name);

/** What is refused before anything is sent, and what is said about it. */
const REFUSED: readonly (readonly [args: string, why: RegExp])[] = [
  ["bgin k", /unknown command 'bgin'\n\(Did you mean begin\?\)/],
  ["begin", /missing required argument 'key'/],
  ["begin k k2", /too many arguments/],
  ["begin k --leese 5s", /unknown option '--leese'\n\(Did you mean --lease\?\)/],
  ["begin k --lease 30", /'--lease <duration>'.*'30' is invalid.*a whole number with a unit/],
  ["begin k --lease 1.5s", /'1.5s' is invalid/],
  ["begin k --lease 2h", /must be 100ms to 1h/],
  ["begin k --wait -1s", /'-1s' is invalid/],
  ["begin k --max-attempts -1", /'-1' is invalid.*must be a whole number/],
  ["begin k --payload a --payload-file b", /cannot be used with/],
  ["begin k --payload-file /nowhere/to/be/found", /cannot read \/nowhere\/to\/be\/found: ENOENT/],
  ["begin k --address localhost", /must be host:port or unix:\/path/],
  ["complete k --succeeded", /required option '-t, --token <number>' not specified/],
  ["complete k --succeeded --token -1", /'-1' is invalid.*decimal number/],
  ["complete k --succeeded --token 18446744073709551616", /is invalid.*decimal number/],
  ["complete k --token 5", /say how the attempt ended: --succeeded, --failed or --retryable/],
  ["complete k --token 5 --succeeded --failed", /cannot be used with/],
  ["complete k --token 5 --retryable --result no", /cannot be used with/],
  ["complete k --token 5 --succeeded --metadata nothing", /must be name=value/],
  ["list --state finished", /must be in-progress, unknown, retryable, dead-lettered/],
  ["list --limit 0", /must be 1 to/],
  ["resolve k --retry", /required option '--reason <text>' not specified/],
  ["resolve k --reason r", /say how to settle it/],
];

describe("the command line", () => {
  it("tells the version of the package", async () => {
    expect(await onceward(["--version"])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });

  it("names every command in its help", async () => {
    const { code, stdout } = await onceward(["--help"]);
    expect(code).toBe(0);
    for (const { name, summary } of COMMANDS) {
      expect(stdout.replace(/\s+/g, " ")).toContain(`${name} ${summary}`);
    }
  });

  it("prints its help and exits with 2 when it is given nothing to do", async () => {
    expect(await onceward([])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^Usage: onceward/),
    });
  });

  it.each(HELPED)("has a help with an example for %s", async (name) => {
    const { code, stdout, stderr } = await onceward([name, "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^Usage: onceward ${name} `));
    expect(stdout).toMatch(new RegExp(`Example:\\n {2}\\$ .*onceward ${name}`));
  });

  it("finds the help of a command by either way", async () => {
    const [one, other] = await Promise.all([onceward(["help", "get"]), onceward(["get", "--help"])]);
    expect(one).toEqual(other);
  });

  it.each(REFUSED)("refuses: onceward %s", async (args, why) => {
    const { code, stdout, stderr } = await onceward(args.split(" "), { env: { ONCEWARD_ADDRESS: "127.0.0.1:1" } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^onceward: /);
    expect(stderr).toMatch(why);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it("says where no sidecar answers, and exits with 69", async () => {
    const { code, stdout, stderr } = await onceward(["get", "k", "--address", "127.0.0.1:1"]);
    expect({ code, stdout }).toEqual({ code: 69, stdout: "" });
    expect(stderr).toMatch(/^onceward: no sidecar answers at 127\.0\.0\.1:1 \(ECONNREFUSED\): start one .*\n$/);
  });

  it("gives up at its deadline, and says how to repeat the call", async () => {
    const silent = await listenSilently();
    const begin = await onceward(["begin", "k", "--address", silent.address, "--timeout", "300ms"]);
    await silent.stop();
    expect(begin).toMatchObject({ code: 69, stdout: "" });
    expect(begin.stderr).toMatch(/within 300ms, whether the call took effect is unknown/);
    expect(begin.stderr).toMatch(/call again with the same arguments and --attempt-id [\w-]{22},/);
    expect(begin.stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("goes quietly when nobody reads what it prints", () => {
    const script = '"$0" "$1" config | true';
    const { stderr } = spawnSync("sh", ["-c", script, process.execPath, MAIN], { encoding: "utf8" });
    expect(stderr).toBe("");
  });
});

describe("what only a sidecar can refuse", () => {
  let beside: Beside;
  beforeAll(async () => {
    beside = await startBeside();
  });
  afterAll(() => beside.stop());

  it("is told field by field, and exits with 2", async () => {
    const args = ["begin", "", "--namespace", "Not A Name", "--operation", "o".repeat(129)];
    const { code, stdout, stderr } = await beside.onceward(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.trimEnd().split("\n").sort()).toEqual([
      "onceward: the sidecar refuses address.key: it must not be empty",
      expect.stringMatching(/^onceward: the sidecar refuses address\.namespace: it must match /),
      expect.stringMatching(/^onceward: the sidecar refuses address\.operation: it is 129 bytes long/),
    ]);
  });

  it("is told for JSON that says a thing twice", async () => {
    const args = ["begin", "k", "--json-file", "-"];
    const { code, stderr } = await onceward(args, {
      env: { ONCEWARD_ADDRESS: beside.address },
      stdin: '{"a":1,"a":2}',
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^onceward: the sidecar refuses fingerprint\.json: /);
  });
});
