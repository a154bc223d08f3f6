/** What one caller does again and again. Names that end in a number go in batches of that many. */
export type Calls = "echoes" | "begins" | "begins-100" | "batches-10" | "batches-100" | GuardCalls;

/** What can be asked of anything that keeps an effect from running twice; a mix holds 5 % duplicates. */
export type GuardCalls = "pairs" | "replays" | "mix";

/** Whom it calls, and with what. */
export type Workload =
  | { readonly client: "grpc"; readonly address: string; readonly calls: Calls }
  /** One stream, all callers on it. */
  | { readonly client: "session"; readonly address: string; readonly calls: GuardCalls }
  /** Our TypeScript client, which sends the calls of one event-loop turn together. */
  | { readonly client: "library"; readonly address: string; readonly calls: GuardCalls }
  /** The store that ONCEWARD_STORE would name, opened by the load process itself. */
  | { readonly client: "store"; readonly store: string; readonly calls: "pairs" }
  | { readonly client: "script"; readonly socket: string; readonly calls: GuardCalls }
  | { readonly client: "packed"; readonly socket: string; readonly calls: "begins-100" }
  | { readonly client: Peer; readonly socket: string; readonly calls: GuardCalls };

/** Libraries of others that do in process what we do in a sidecar. */
export type Peer = "powertools" | "node-idempotency";

/** Answers that one step of a caller brings; a mix brings a little less. */
export const CALLS_PER_STEP: Readonly<Record<Calls, number>> = {
  echoes: 1,
  begins: 1,
  replays: 1,
  pairs: 2,
  mix: 2,
  "batches-10": 20,
  "begins-100": 100,
  "batches-100": 200,
};

/** To a load process. Every order gets one answer, with its id. */
export type Order =
  | { readonly id: number; readonly order: "prepare"; readonly variant: string; readonly workload: Workload }
  | ({ readonly id: number; readonly order: "burst"; readonly variant: string } & BurstOptions)
  | ({ readonly id: number; readonly order: "offer"; readonly variant: string } & OfferOptions);

export interface BurstOptions {
  /** Callers that each make their next call when the last one is answered. */
  readonly loops: number;
  readonly ms: number;
}

/** Steps begin when they are due, whether earlier ones were answered or not. */
export interface OfferOptions {
  readonly stepsPerSecond: number;
  readonly ms: number;
}

export type Answer =
  | { readonly id: number; readonly burst?: Burst }
  /** Why the order could not be carried out. */
  | { readonly id: number; readonly error: string };

/** What one burst of calls came to. */
export interface Burst {
  /** Decisions that were answered; every item of a batch is one. */
  readonly calls: number;
  /** From the first call to the last answer. */
  readonly seconds: number;
  /** ms, by the name of the call; a batch is one call here. For offered load, see {@link OFFERED}. */
  readonly latencies: Readonly<Record<string, Float64Array>>;
}

/** What the latencies of an offered load are called: of a whole step from when it was due, and of its sending alone. */
export const OFFERED = { step: "step", sentLate: "sent late" } as const;
