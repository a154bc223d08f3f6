import { describe, expect, it } from "vitest";
import { parseRedisUrl } from "../../../src/store/redis-client/url.ts";

const FORMS: readonly (readonly [url: string, options: object, address: string])[] = [
  ["redis://h", { host: "h", port: 6379, db: 0 }, "h:6379"],
  ["redis://h:7000/3", { host: "h", port: 7000, db: 3 }, "h:7000"],
  ["redis://:pw@h:7000", { host: "h", port: 7000, db: 0, password: "pw" }, "h:7000"],
  ["redis://me:p%40w@h", { host: "h", port: 6379, db: 0, username: "me", password: "p@w" }, "h:6379"],
  ["rediss://h:7001/1", { host: "h", port: 7001, db: 1, tls: {} }, "h:7001"],
  ["redis://[::1]:7000", { host: "::1", port: 7000, db: 0 }, "[::1]:7000"],
  ["redis+unix:///run/r.sock", { path: "/run/r.sock", db: 0 }, "/run/r.sock"],
  ["redis+unix:///run/r.sock?db=5", { path: "/run/r.sock", db: 5 }, "/run/r.sock"],
  ["redis+unix://me:pw@localhost/r.sock", { path: "/r.sock", db: 0, username: "me", password: "pw" }, "/r.sock"],
];

describe("the URL of a Redis", () => {
  it.each(FORMS)("%s is understood", (url, options, address) => {
    expect(parseRedisUrl(url)).toEqual({ options, address });
  });

  it("is shown to people without user and password", () => {
    expect(parseRedisUrl("rediss://operator:secret@h:1/2").address).not.toMatch(/operator|secret/);
  });

  it("is refused in any other scheme", () => {
    expect(() => parseRedisUrl("http://h")).toThrow("not the URL of a Redis");
  });
});
