import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { uniqueId } from "../../src/base/random.ts";
import { ConfigError, type Environment, loadSettings, readSettings } from "../../src/config/load.ts";
import { policiesOf } from "../../src/config/settings.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "onceward-config-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** An environment that points to a file with this text. */
function withFile(text: string, environment: Environment = {}): Environment {
  const path = join(folder, `${uniqueId()}.yaml`);
  writeFileSync(path, text);
  return { ...environment, ONCEWARD_CONFIG: path };
}

/** What is wrong with a configuration; empty = nothing. */
function problemsOf(environment: Environment): readonly string[] {
  try {
    loadSettings(environment, parse);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const KEY = Buffer.alloc(32, 7).toString("base64");
const OLD_KEY = Buffer.alloc(16, 9).toString("base64");

describe("the settings", () => {
  it("are complete without any configuration", () => {
    const { settings, sources, unknown } = loadSettings({});
    expect(settings).toMatchObject({
      listen: "127.0.0.1:7600",
      ops_listen: "127.0.0.1:7601",
      store: { kind: "embedded", directory: "./.onceward" },
      lease: 30_000,
      lease_total: 86_400_000,
      retention: 86_400_000,
      tombstone_retention: 604_800_000,
      unfinished_retention: 2_592_000_000,
      backoff_base: 1000,
      backoff_cap: 300_000,
      fail_open: false,
      result_inline: 262_144,
      checkpoint_inline: 65_536,
      wait_max: 30_000,
      waiters: 1000,
      waiters_per_record: 100,
      in_flight: 4096,
      drain: 1500,
      lease_nodes: [],
      lease_ttl: 30_000,
      lease_ttl_max: 300_000,
      lease_clock_floor: true,
      lease_node_timeout: 150,
      fingerprint_secrets: [],
      strict: false,
      log_level: "info",
    });
    expect(new Set(Object.values(sources).map(({ source }) => source))).toEqual(new Set(["default"]));
    expect(unknown).toEqual([]);
  });

  it("take the environment before the file, and the file before the default", () => {
    const file = "lease: 10s\ndrain: 3s\nin_flight: 64\nstrict: true\n";
    const { settings, sources } = loadSettings(withFile(file, { ONCEWARD_LEASE: "20s" }), parse);
    expect(settings).toMatchObject({ lease: 20_000, drain: 3000, in_flight: 64, strict: true, wait_max: 30_000 });
    expect(sources.lease).toEqual({ text: "20s", source: "environment" });
    expect(sources.drain).toEqual({ text: "3s", source: "file" });
    expect(sources.wait_max).toEqual({ text: "30s", source: "default" });
  });

  it("are read with the file that the environment names, if it names one", async () => {
    const named = withFile("drain: 3s\n");
    expect(await readSettings(named)).toEqual(loadSettings(named, parse));
    expect(await readSettings({})).toEqual(loadSettings({}));
    await expect(readSettings(withFile("drain: soon\n"))).rejects.toThrow(ConfigError);
  });

  it("read an empty file, and an empty name of a file, as no configuration", () => {
    expect(loadSettings(withFile(""), parse).settings).toEqual(loadSettings({}).settings);
    expect(loadSettings({ ONCEWARD_CONFIG: "" }).settings).toEqual(loadSettings({}).settings);
  });

  it.each([
    ["250ms", 250],
    ["2s", 2000],
    ["3m", 180_000],
    ["1h", 3_600_000],
  ])("take %s as a duration", (text, ms) => {
    expect(loadSettings({ ONCEWARD_LEASE: text }).settings.lease).toBe(ms);
  });

  it.each([
    ["0B", 0],
    ["100B", 100],
    ["1KiB", 1024],
    ["1MiB", 1_048_576],
  ])("take %s as a size", (text, bytes) => {
    expect(loadSettings({ ONCEWARD_RESULT_INLINE: text }).settings.result_inline).toBe(bytes);
  });

  it("turn fingerprint secrets into bytes, the first first", () => {
    const { settings } = loadSettings({ ONCEWARD_FINGERPRINT_SECRETS: `2026=${KEY}, 2025=${OLD_KEY}` });
    expect(settings.fingerprint_secrets).toEqual([
      { id: "2026", secret: Buffer.alloc(32, 7) },
      { id: "2025", secret: Buffer.alloc(16, 9) },
    ]);
  });
});

describe("the policies of a namespace", () => {
  const file = "retention: 2h\nnamespaces:\n  payments:\n    retention: 30d\n    fail_open: true\n  mail:\n";

  it("are its own where the file says so, and the process's elsewhere", () => {
    const { settings } = loadSettings(withFile(file), parse);
    expect(policiesOf(settings, "payments")).toMatchObject({
      retention: 2_592_000_000,
      fail_open: true,
      lease: 30_000,
    });
    expect(policiesOf(settings, "mail")).toMatchObject({ retention: 7_200_000, fail_open: false });
    expect(policiesOf(settings, "nobody")).toMatchObject({ retention: 7_200_000, fail_open: false });
  });

  it("beat the environment, which is the whole process's", () => {
    const { settings } = loadSettings(withFile(file, { ONCEWARD_RETENTION: "5h" }), parse);
    expect(policiesOf(settings, "payments").retention).toBe(2_592_000_000);
    expect(policiesOf(settings, "mail").retention).toBe(18_000_000);
  });
});

describe("a bad configuration", () => {
  it("names every problem at once, each with its setting, of file and environment alike", () => {
    const file = [
      "listen: 7600",
      "lease: 30",
      "in_flight: [64]",
      "drain:",
      "colour: red",
      "toString: 1",
      "namespaces:",
      "  Payments: {}",
      "  mail: yes please",
      "  jobs:",
      "    listen: 127.0.0.1:1",
      "    constructor: 1",
      "    lease: 5constructor",
    ].join("\n");
    const environment = {
      ONCEWARD_STORE: "memory",
      ONCEWARD_OPS_LISTEN: "127.0.0.1",
      ONCEWARD_FAIL_OPEN: "maybe",
      ONCEWARD_RESULT_INLINE: "2MiB",
      ONCEWARD_WAITERS: "many",
      ONCEWARD_LOG_LEVEL: "loud",
    };
    const problems = problemsOf(withFile(file, environment));
    expect(problems.map((problem) => problem.replace(/:.*/s, ""))).toEqual([
      "listen (in the file)",
      "ONCEWARD_OPS_LISTEN",
      "ONCEWARD_STORE",
      "lease (in the file)",
      "ONCEWARD_FAIL_OPEN",
      "ONCEWARD_RESULT_INLINE",
      "ONCEWARD_WAITERS",
      "in_flight (in the file)",
      "drain (in the file)",
      "ONCEWARD_LOG_LEVEL",
      "namespaces.Payments",
      "namespaces.mail",
      "namespaces.jobs.listen",
      "namespaces.jobs.constructor",
      "namespaces.jobs.lease",
      "colour (in the file)",
      "toString (in the file)",
    ]);
    expect(problems.filter((problem) => /undefined|NaN|\[object|Invalid input$/.test(problem))).toEqual([]);
  });

  it.each([
    ["LEASE", "30", "unit"],
    ["LEASE", "30 s", "unit"],
    ["LEASE", "1.5s", "whole number"],
    ["LEASE", "-1s", "whole number"],
    ["LEASE", "30S", "unit"],
    ["LEASE", "99ms", "100ms to 1h"],
    ["LEASE", "2h", "100ms to 1h"],
    ["RETENTION", "91d", "1s to 90d"],
    ["TOMBSTONE_RETENTION", "366d", "1s to 365d"],
    ["WAIT_MAX", "31s", "0ms to 30s"],
    ["IN_FLIGHT", "7", "8 to 1000000"],
    ["IN_FLIGHT", "1e3", "whole number"],
    ["RESULT_INLINE", "1KB", "unit"],
    ["FAIL_OPEN", "1", "true or false"],
    ["LOG_LEVEL", "verbose", "info"],
    ["LISTEN", "127.0.0.1:65536", "host:port"],
    ["LISTEN", "::1:7600", "host:port"],
    ["LISTEN", "unix:", "host:port"],
    ["FINGERPRINT_SECRETS", "now=c2hvcnQ=", "16 bytes"],
    ["FINGERPRINT_SECRETS", KEY, "id=base64"],
    ["FINGERPRINT_SECRETS", `now=${KEY},now=${OLD_KEY}`, "twice"],
  ])("refuses %s=%s and says what is expected", (name, text, expected) => {
    const problems = problemsOf({ [`ONCEWARD_${name}`]: text });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^ONCEWARD_${name}: .*${expected}`));
  });

  it.each([
    ["a file that is not there", undefined],
    ["a list", "- lease\n- 30s\n"],
    ["a bare text", "lease\n"],
    ["no YAML", "lease: [\n"],
    ["a name given twice", "lease: 10s\nlease: 20s\n"],
  ])("says so when ONCEWARD_CONFIG points to %s, along with the other problems", (_what, text) => {
    const file = text === undefined ? { ONCEWARD_CONFIG: join(folder, "missing.yaml") } : withFile(text);
    const problems = problemsOf({ ...file, ONCEWARD_DRAIN: "soon" });
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/^ONCEWARD_CONFIG: /);
    expect(problems[1]).toMatch(/^ONCEWARD_DRAIN: /);
    expect(problems.join()).not.toContain("\n");
  });
});

describe("secrets", () => {
  it("are never shown, neither in what is in force nor in what is wrong", () => {
    const secret = "hunter2hunter2hunter2";
    const shown = [
      { ONCEWARD_STORE: `redis://:${secret}@h1:6379/0` },
      { ONCEWARD_STORE: `redis://${secret}@h1` },
      { ONCEWARD_STORE: `a=redis://user:${secret}@h1,b=rediss://h2` },
      { ONCEWARD_FINGERPRINT_SECRETS: `now=${secret}AAAAAAA` },
    ].map((environment) => JSON.stringify(loadSettings(environment, parse).sources));
    const refused = [
      { ONCEWARD_STORE: `redis://:${secret}@h1:99999` },
      { ONCEWARD_STORE: `a=redis://h1,redis://:${secret}=@h2` },
      { ONCEWARD_STORE: `a=redis://h1,${secret}` },
      { ONCEWARD_STORE: `http://:${secret}@h1` },
      { ONCEWARD_STORE: `redis://h1?password=${secret}` },
      { ONCEWARD_STORE: `redis://:%${secret}@h1` },
      { ONCEWARD_FINGERPRINT_SECRETS: `bad id=${secret}AAAAAAA` },
      withFile(`fingerprint_secrets: [\n"${secret}"`),
      withFile(`store: redis://:${secret}@h1\n  lease: [`),
    ].map((environment) => problemsOf(environment).join("\n"));
    expect(refused.every((text) => text !== "")).toBe(true);
    expect([...shown, ...refused].filter((text) => text.includes("hunter2"))).toEqual([]);
    expect(shown[2]).toContain("a=redis://:***@h1,b=rediss://h2");
    expect(shown[3]).toContain("now=***");
  });
});

describe("a variable that is no setting", () => {
  it("is told, since it is mostly misspelt", () => {
    expect(loadSettings({ ONCEWARD_LEAS: "10s", ONCEWARD_listen: "x", PATH: "/bin" }).unknown).toEqual([
      "ONCEWARD_LEAS",
      "ONCEWARD_listen",
    ]);
  });

  it("is left alone where Kubernetes puts it beside a service of that name, or a client or a test reads it", () => {
    const foreign = {
      ONCEWARD_SERVICE_HOST: "10.0.0.1",
      ONCEWARD_SERVICE_PORT: "7600",
      ONCEWARD_SERVICE_PORT_GRPC: "7600",
      ONCEWARD_PORT: "tcp://10.0.0.1:7600",
      ONCEWARD_PORT_7600_TCP: "tcp://10.0.0.1:7600",
      ONCEWARD_PORT_7600_TCP_ADDR: "10.0.0.1",
      ONCEWARD_PORT_7600_TCP_PORT: "7600",
      ONCEWARD_PORT_7600_TCP_PROTO: "tcp",
      ONCEWARD_STORE_SERVICE_HOST: "10.0.0.2",
      ONCEWARD_ADDRESS: "127.0.0.1:7600",
      ONCEWARD_SEED: "1",
      ONCEWARD_NAMESPACE: "default",
      ONCEWARD_RESOURCE: "nightly",
      ONCEWARD_LEASE_ID: "x",
      ONCEWARD_FENCING_TOKEN: "7",
    };
    const { settings, unknown } = loadSettings(foreign);
    expect(unknown).toEqual([]);
    expect(settings).toEqual(loadSettings({}).settings);
  });
});
