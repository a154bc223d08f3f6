/** Where records are kept, as one setting says it. */
export type StoreSetting =
  | { readonly kind: "embedded"; readonly directory: string }
  | { readonly kind: "redis"; readonly shards: readonly ShardSetting[] };

export interface ShardSetting {
  /** Names the shard in the table that says which slot lives where; a plain Redis is `main`. */
  readonly name: string;
  readonly url: string;
}

/** The one shard of a store that names none. */
const ONLY_SHARD = "main";
const SHARD_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
const REDIS_SCHEMES = new Set(["redis:", "rediss:", "redis+unix:"]);

/** Reads ONCEWARD_STORE. The error says what is wrong in words for whoever wrote it. */
export function parseStore(text: string): StoreSetting {
  if (text.startsWith("embedded:")) {
    const directory = text.slice("embedded:".length);
    if (directory === "") throw new Error("embedded: needs a directory, such as embedded:./.onceward");
    return { kind: "embedded", directory };
  }
  if (text.startsWith("redis-cluster:")) throw new Error("redis-cluster:// is not offered by this version");
  if (text.startsWith("redis-sentinel:")) throw new Error("redis-sentinel:// is not offered by this version");
  if (/^[a-z+]+:/.test(text) && !/^[a-z0-9-]+=/.test(text)) {
    return { kind: "redis", shards: [{ name: ONLY_SHARD, url: redisUrl(text) }] };
  }
  return { kind: "redis", shards: shardsOf(text) };
}

function shardsOf(text: string): ShardSetting[] {
  const shards = text.split(",").map((part) => {
    const equals = part.indexOf("=");
    if (equals < 0) {
      throw new Error(
        "must be embedded:<directory>, redis://…, rediss://…, or shards such as a=redis://h1:6379,b=redis://h2:6379",
      );
    }
    const name = part.slice(0, equals).trim();
    if (!SHARD_NAME.test(name)) throw new Error(`shard name ${JSON.stringify(name)} must match ${SHARD_NAME.source}`);
    return { name, url: redisUrl(part.slice(equals + 1).trim()) };
  });
  for (const [what, values] of [
    ["name", shards.map((s) => s.name)],
    ["URL", shards.map((s) => s.url)],
  ] as const) {
    if (new Set(values).size !== values.length) throw new Error(`two shards have the same ${what}`);
  }
  return shards;
}

function redisUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !REDIS_SCHEMES.has(url.protocol)) {
    throw new Error("a Redis is given as redis://[user:password@]host:port[/db], rediss://… or redis+unix:///path");
  }
  if (url.protocol !== "redis+unix:" && url.hostname === "") throw new Error("the Redis URL has no host");
  return text;
}

/** The setting without credentials, for people and logs. */
export function describeStore(store: StoreSetting): string {
  if (store.kind === "embedded") return `embedded:${store.directory}`;
  return store.shards.map(({ name, url }) => `${name}=${withoutCredentials(url)}`).join(",");
}

function withoutCredentials(text: string): string {
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    url.username = "";
    url.password = "***";
  }
  return url.href;
}
