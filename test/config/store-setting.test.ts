import { describe, expect, it } from "vitest";
import { describeStore, parseStore } from "../../src/config/store-setting.ts";

describe("the store setting", () => {
  it.each([
    ["embedded:./.onceward", { kind: "embedded", directory: "./.onceward" }],
    ["embedded:/var/lib/onceward", { kind: "embedded", directory: "/var/lib/onceward" }],
    ["redis://h1", { kind: "redis", shards: [{ name: "main", url: "redis://h1" }] }],
    ["redis://h1:6380/3", { kind: "redis", shards: [{ name: "main", url: "redis://h1:6380/3" }] }],
    ["rediss://user:a=b@h1:6380", { kind: "redis", shards: [{ name: "main", url: "rediss://user:a=b@h1:6380" }] }],
    ["redis+unix:///run/r.sock", { kind: "redis", shards: [{ name: "main", url: "redis+unix:///run/r.sock" }] }],
    ["main=redis://h1", { kind: "redis", shards: [{ name: "main", url: "redis://h1" }] }],
    [
      "a=redis://h1:6379, b=rediss://:pw@h2:6379/1",
      {
        kind: "redis",
        shards: [
          { name: "a", url: "redis://h1:6379" },
          { name: "b", url: "rediss://:pw@h2:6379/1" },
        ],
      },
    ],
  ])("reads %s", (text, expected) => {
    expect(parseStore(text)).toEqual(expected);
  });

  it.each([
    ["", "must be embedded:<directory>"],
    ["memory", "must be embedded:<directory>"],
    ["embedded:", "needs a directory"],
    ["http://h1", "a Redis is given as"],
    ["redis://", "no host"],
    ["redis://h1:port", "a Redis is given as"],
    ["redis://h1/zero", "database of a Redis is a number"],
    ["redis+unix:///r.sock?db=zero", "database of a Redis is a number"],
    ["redis://h1?password=pw", "takes no options"],
    ["redis+unix:///r.sock?db=1&family=6", "takes no options"],
    ["redis://:50%off@h1", "a % in a Redis URL"],
    ["redis://h1,h2", "names one host"],
    ["redis://h1:6379,h2:6379", "a Redis is given as"],
    ["redis-cluster://h1:6379,h2:6379", "redis-cluster:// is not offered by this version"],
    ["redis-sentinel://s1:26379,s2:26379/mymaster", "redis-sentinel:// is not offered by this version"],
    ["a=redis-cluster://h1", "redis-cluster:// is not offered by this version"],
    ["a=redis://h1,b", "must be embedded:<directory>"],
    ["A=redis://h1", "the name of shard 1 must match"],
    ["a=redis://h1,=redis://h2", "the name of shard 2 must match"],
    ["a=embedded:./x", "a Redis is given as"],
    ["a=redis://h1,a=redis://h2", "two shards have the same name"],
    ["a=redis://h1,b=redis://h1", "two shards have the same place"],
    ["a=redis://h1,b=redis://:pw@h1:6379/0", "two shards have the same place"],
    ["a=redis+unix:///r.sock,b=redis+unix:///r.sock?db=0", "two shards have the same place"],
  ])("refuses %s: %s", (text, why) => {
    expect(() => parseStore(text)).toThrow(why);
  });

  it("lets two shards be two databases of one server", () => {
    expect(() => parseStore("a=redis://h1/0,b=redis://h1/1")).not.toThrow();
    expect(() => parseStore("a=redis+unix:///r.sock,b=redis+unix:///r.sock?db=1")).not.toThrow();
  });

  it("is described without credentials", () => {
    expect(describeStore(parseStore("embedded:./x"))).toBe("embedded:./x");
    expect(describeStore(parseStore("a=redis://me:pw@h1:6380/2,b=redis+unix:///run/r.sock?db=3"))).toBe(
      "a=redis://:***@h1:6380/2,b=redis+unix:///run/r.sock?db=3",
    );
  });
});
