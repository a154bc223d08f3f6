import { createRequire } from "node:module";

/**
 * Libraries of others, as far as we call them: what they declare does not compile beside ours. They stay out of every
 * other file, and are loaded by whoever measures them.
 */
const require = createRequire(import.meta.url);

type Context = { readonly getRemainingTimeInMillis: () => number };
type Once<Arguments extends readonly unknown[], Answer> = (...args: Arguments) => Promise<Answer>;

interface Powertools {
  readonly IdempotencyConfig: new (options: { readonly expiresAfterSeconds: number }) => object;
  /** The first argument is the key. */
  makeIdempotent<Rest extends readonly unknown[], Answer>(
    effect: Once<[key: string, context: Context, ...rest: Rest], Answer>,
    options: { readonly persistenceStore: object; readonly config: object; readonly keyPrefix: string },
  ): Once<[key: string, context: Context, ...rest: Rest], Answer>;
}

interface PowertoolsCache {
  /** @param options.client one of @redis/client that is connected */
  readonly CachePersistenceLayer: new (options: {
    readonly client: object;
  }) => object;
}

interface Incoming {
  readonly headers: Readonly<Record<string, string>>;
  readonly method: string;
  readonly path: string;
  /** Fingerprinted by it. */
  readonly body: Readonly<Record<string, string>>;
}

interface Outgoing {
  readonly body: string;
}

interface NodeIdempotency {
  readonly Idempotency: new (
    storage: object,
    options: { readonly cacheTTLMS: number },
  ) => {
    /** Undefined = nobody has asked for it yet. */
    onRequest(request: Incoming): Promise<Outgoing | undefined>;
    onResponse(request: Incoming, response: Outgoing): Promise<void>;
  };
}

interface NodeIdempotencyRedis {
  readonly RedisStorageAdapter: new (options: {
    readonly socket: { readonly path: string };
  }) => {
    connect(): Promise<void>;
  };
}

// Each require gives `any`: what is called of it is what stands above.
export const loadPowertools = (): Powertools => require("@aws-lambda-powertools/idempotency");
export const loadPowertoolsCache = (): PowertoolsCache => require("@aws-lambda-powertools/idempotency/cache");
export const loadNodeIdempotency = (): NodeIdempotency => require("@node-idempotency/core");
export const loadNodeIdempotencyRedis = (): NodeIdempotencyRedis => require("@node-idempotency/storage-adapter-redis");
