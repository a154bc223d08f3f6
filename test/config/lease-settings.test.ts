import { describe, expect, it } from "vitest";
import { ConfigError, type Environment, loadSettings } from "../../src/config/load.ts";

function problemsOf(environment: Environment): readonly string[] {
  try {
    loadSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const NINE = Array.from({ length: 9 }, (_, n) => `redis://h${n}`).join();

describe("the settings of leases", () => {
  it("take nodes as they are written, in their order, around any white space", () => {
    const nodes = ["redis://h1", "rediss://user:word@h2:6380/1", "redis+unix:///run/redis.sock"];
    expect(loadSettings({ ONCEWARD_LEASE_NODES: nodes.join(" , ") }).settings.lease_nodes).toEqual(nodes);
    expect(loadSettings({ ONCEWARD_LEASE_NODES: " " }).settings.lease_nodes).toEqual([]);
    expect(loadSettings({ ONCEWARD_LEASE_NODES: "redis://h1" }).settings.lease_nodes).toEqual(["redis://h1"]);
  });

  it.each([
    ["LEASE_TTL", "99ms", "100ms to 1h"],
    ["LEASE_TTL", "6m", "at most ONCEWARD_LEASE_TTL_MAX, 5m"],
    ["LEASE_TTL_MAX", "999ms", "1s to 1h"],
    ["LEASE_NODES", "redis://h1,redis://h2", "odd number of nodes, not 2: the last one would stand no further loss"],
    ["LEASE_NODES", "redis://h1,redis://h2,", "node 3: a Redis is given as"],
    ["LEASE_NODES", "redis://h1,redis://h2,redis://h1:6379/1", "two nodes are on the same Redis"],
    ["LEASE_NODES", NINE, "at most 7 nodes, not 9"],
    ["LEASE_NODES", "embedded:.,redis://h1,redis://h2", "node 1: a Redis is given as"],
    ["LEASE_NODE_TIMEOUT", "9ms", "10ms to 10s"],
    ["LEASE_CLOCK_FLOOR", "on", "true or false"],
  ])("refuse %s=%s and say what is expected", (name, text, expected) => {
    const problems = problemsOf({ [`ONCEWARD_${name}`]: text });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^ONCEWARD_${name}: .*${expected}`));
  });

  it("refuse a default length above the longest, whichever of the two is given", () => {
    expect(problemsOf({ ONCEWARD_LEASE_TTL_MAX: "29s" })).toEqual([
      "ONCEWARD_LEASE_TTL: must be at most ONCEWARD_LEASE_TTL_MAX, 29s",
    ]);
    expect(problemsOf({ ONCEWARD_LEASE_TTL: "10m", ONCEWARD_LEASE_TTL_MAX: "10m" })).toEqual([]);
  });

  it("never show a password, neither in what is in force nor in what is wrong", () => {
    const good = "redis://:hunter2@h1,rediss://u:hunter2@h2,redis+unix:///run/r.sock";
    const shown = loadSettings({ ONCEWARD_LEASE_NODES: good }).sources.lease_nodes?.text;
    expect(shown).toBe("redis://:***@h1,rediss://:***@h2,redis+unix:///run/r.sock");
    for (const bad of [
      "redis://:hunter2@h1,redis://:hunter2@h2",
      "redis://:a,hunter2@h1,redis://h2",
      "redis://:hunter2@h1,redis://:hunter2@h1,redis://h2",
    ]) {
      expect(problemsOf({ ONCEWARD_LEASE_NODES: bad })).toHaveLength(1);
      expect(problemsOf({ ONCEWARD_LEASE_NODES: bad }).join()).not.toContain("hunter2");
    }
  });
});
