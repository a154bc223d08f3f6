/**
 * Where a Redis is: `redis://[user[:password]@]host[:port][/db]`, the same with `rediss://` for TLS, or
 * `redis+unix:///path[?db=n]` for a Unix socket (`redis+unix://user:password@localhost/path` where it wants a password;
 * the host says nothing there).
 */
import type { RedisOptions } from "ioredis";

const DEFAULT_PORT = 6379;

export interface RedisPlace {
  readonly options: Pick<RedisOptions, "host" | "port" | "path" | "db" | "username" | "password" | "tls">;
  /** For people: host and port, or the socket's path; never a credential. */
  readonly address: string;
}

/** @throws when it is none of the forms above; the configuration has checked that before. */
export function parseRedisUrl(text: string): RedisPlace {
  const url = new URL(text);
  const login = {
    ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
  };
  switch (url.protocol) {
    case "redis+unix:": {
      const path = decodeURIComponent(url.pathname);
      return { options: { ...login, path, db: Number(url.searchParams.get("db") ?? 0) }, address: path };
    }
    case "redis:":
    case "rediss:": {
      const host = decodeURIComponent(url.hostname.replace(/^\[|\]$/g, ""));
      const port = url.port === "" ? DEFAULT_PORT : Number(url.port);
      const tls = url.protocol === "rediss:" ? { tls: {} } : {};
      const db = Number(url.pathname.slice(1) || 0);
      return { options: { ...login, ...tls, host, port, db }, address: `${url.hostname}:${port}` };
    }
    default:
      throw new Error(`not the URL of a Redis: ${url.protocol}`);
  }
}
