import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SETTINGS } from "../../src/config/settings.ts";
import { onceward } from "./process.ts";

describe("onceward config", () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "onceward-config-"));
    file = join(folder, "onceward.yaml");
    writeFileSync(file, "retention: 2h\nlease: 10s\nnamespaces:\n  payments:\n    lease: 45s\n    fail_open: true\n");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("shows every setting, its value in force and where that came from", async () => {
    const { code, stdout, stderr } = await onceward(["config"], {
      env: { ONCEWARD_CONFIG: file, ONCEWARD_LEASE: "20s" },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const rows = stdout.trimEnd().split("\n").slice(1);
    expect(rows.map((row) => row.split(" ")[0])).toEqual(expect.arrayContaining(Object.keys(SETTINGS)));
    expect(stdout).toMatch(/^lease +20s +ONCEWARD_LEASE$/m);
    expect(stdout).toMatch(/^retention +2h +file$/m);
    expect(stdout).toMatch(/^wait_max +30s +default$/m);
    expect(stdout).toMatch(/^namespaces\.payments\.lease +45s +file$/m);
    expect(stdout).not.toContain("\u001b");
  });

  it("shows programs the same as one JSON object", async () => {
    const { stdout } = await onceward(["config", "--json"], { env: { ONCEWARD_CONFIG: file, ONCEWARD_LISEN: "x" } });
    const { settings, namespaces, unknown } = JSON.parse(stdout);
    expect(Object.keys(settings)).toEqual(Object.keys(SETTINGS));
    expect(settings.retention).toEqual({ value: "2h", source: "file", variable: "ONCEWARD_RETENTION" });
    expect(namespaces).toEqual({ payments: { lease: "45s", fail_open: "true" } });
    expect(unknown).toEqual(["ONCEWARD_LISEN"]);
  });

  it("masks secrets, and warns of variables that are no settings", async () => {
    const secret = Buffer.from("a secret of enough bytes").toString("base64");
    const env = {
      ONCEWARD_STORE: "redis://user:hunter2@redis.example:6379",
      ONCEWARD_FINGERPRINT_SECRETS: `k1=${secret}`,
      ONCEWARD_LISEN: "127.0.0.1:1",
    };
    for (const args of [["config"], ["config", "--json"]]) {
      const { code, stdout, stderr } = await onceward(args, { env });
      expect(code).toBe(0);
      expect(stdout).toContain("redis.example");
      expect(stdout).toContain("k1=***");
      expect(stdout + stderr).not.toMatch(new RegExp(`hunter2|${secret}`));
      expect(stderr).toBe("onceward: ONCEWARD_LISEN is no setting: misspelt?\n");
    }
  });

  it("says that a good configuration is good", async () => {
    const { code, stdout } = await onceward(["config", "--check"], { env: { ONCEWARD_CONFIG: file } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  });

  it.each(["config", "config --check", "config --json", "serve"])(
    "names every problem of a bad one, one a line, and exits with 78: onceward %s",
    async (args) => {
      const bad = join(folder, "bad.yaml");
      writeFileSync(bad, "retension: 2h\nlog_level: loud\n");
      const env = { ONCEWARD_CONFIG: bad, ONCEWARD_LISTEN: "nowhere", ONCEWARD_LEASE: "30" };
      const { code, stdout, stderr } = await onceward(args.split(" "), { env });
      expect({ code, stdout }).toEqual({ code: 78, stdout: "" });
      expect(stderr.trimEnd().split("\n").sort()).toEqual([
        expect.stringMatching(/^ONCEWARD_LEASE: must be a whole number with a unit/),
        expect.stringMatching(/^ONCEWARD_LISTEN: must be host:port/),
        expect.stringMatching(/^log_level \(in the file\): /),
        expect.stringMatching(/^retension \(in the file\): is no setting/),
      ]);
    },
  );
});
