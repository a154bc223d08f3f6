/** Where records are kept, as one setting says it. */
export type StoreSetting =
  | { readonly kind: "embedded"; readonly directory: string }
  | { readonly kind: "redis"; readonly shards: readonly ShardSetting[] };

interface ShardSetting {
  /** Names the shard in the table that says which slot lives where; a plain Redis is `main`. */
  readonly name: string;
  readonly url: string;
}

/** The one shard of a store that names none. */
const ONLY_SHARD = "main";
const SHARD_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
/** Where a Redis listens whose URL names no port. */
const REDIS_PORT = 6379;
const REDIS_SCHEMES = new Set(["redis:", "rediss:", "redis+unix:"]);

/** Reads ONCEWARD_STORE. The error says what is wrong in words for whoever wrote it. */
export function parseStore(text: string): StoreSetting {
  if (text.startsWith("embedded:")) {
    const directory = text.slice("embedded:".length);
    if (directory === "") throw new Error("embedded: needs a directory, such as embedded:./.onceward");
    return { kind: "embedded", directory };
  }
  if (/^[a-z+-]+:/.test(text) && !/^[a-z0-9-]+=/.test(text)) {
    return { kind: "redis", shards: [{ name: ONLY_SHARD, url: redisUrl(text) }] };
  }
  return { kind: "redis", shards: shardsOf(text) };
}

function shardsOf(text: string): ShardSetting[] {
  const shards = text.split(",").map((part, index) => {
    const equals = part.indexOf("=");
    if (equals < 0) {
      throw new Error(
        "must be embedded:<directory>, redis://…, rediss://…, or shards such as a=redis://h1:6379,b=redis://h2:6379",
      );
    }
    const name = part.slice(0, equals).trim();
    // Not quoted: where a comma is missing or too many, a piece of a password stands here.
    if (!SHARD_NAME.test(name)) throw new Error(`the name of shard ${index + 1} must match ${SHARD_NAME.source}`);
    return { name, url: redisUrl(part.slice(equals + 1).trim()) };
  });
  for (const [what, values] of [
    ["name", shards.map((s) => s.name)],
    ["place", shards.map((s) => placeOfUrl(s.url))],
  ] as const) {
    if (new Set(values).size !== values.length) throw new Error(`two shards have the same ${what}`);
  }
  return shards;
}

/** The text as it is, if it is the URL of one Redis. The error says what is wrong in words for whoever wrote it. */
export function redisUrl(text: string): string {
  const [scheme] = /^redis-(cluster|sentinel):/.exec(text) ?? [];
  if (scheme !== undefined) throw new Error(`${scheme}// is not offered by this version`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !REDIS_SCHEMES.has(url.protocol)) {
    throw new Error("a Redis is given as redis://[user:password@]host:port[/db], rediss://… or redis+unix:///path");
  }
  const unix = url.protocol === "redis+unix:";
  const db = unix ? (url.searchParams.get("db") ?? "") : url.pathname.replace(/^\//, "");
  if (!/^\d{0,5}$/.test(db))
    throw new Error("the database of a Redis is a number: redis://host/0, or ?db=0 for a socket");
  const options = [...url.searchParams.keys()].filter((name) => !(unix && name === "db"));
  if (options.length > 0) throw new Error("a Redis URL takes no options after a ?");
  if (!unix && url.hostname === "") throw new Error("the Redis URL has no host");
  if (url.hostname.includes(",")) throw new Error("a Redis URL names one host; shards are a=redis://h1,b=redis://h2");
  if (!isDecodable(url.href)) throw new Error("a % in a Redis URL is written %25");
  return text;
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== "";
  } catch {
    return false;
  }
}

/** What two URLs share that lead to the same records, however they are written. */
function placeOfUrl(text: string): string {
  const { protocol, hostname, port, pathname, searchParams } = new URL(text);
  if (protocol === "redis+unix:") return `${pathname}/${Number(searchParams.get("db") ?? 0)}`;
  return `${hostname}:${Number(port || REDIS_PORT)}/${Number(pathname.slice(1))}`;
}

/** The setting without credentials, for people and logs. */
export function describeStore(store: StoreSetting): string {
  if (store.kind === "embedded") return `embedded:${store.directory}`;
  return store.shards.map(({ name, url }) => `${name}=${withoutCredentials(url)}`).join(",");
}

export function withoutCredentials(text: string): string {
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    url.username = "";
    url.password = "***";
  }
  return url.href;
}
