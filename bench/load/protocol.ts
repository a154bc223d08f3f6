/** What one caller does again and again. */
export type Calls = "echoes" | "pairs" | "begins" | "replays" | "batches";

/** Whom it calls, and with what. */
export type Workload =
  | { readonly client: "grpc"; readonly address: string; readonly calls: Calls }
  /** The store that ONCEWARD_STORE would name, opened by the load process itself. */
  | { readonly client: "store"; readonly store: string; readonly calls: "pairs" }
  | { readonly client: "script"; readonly socket: string; readonly calls: "pairs" | "replays" };

/** To a load process. Every order gets one answer, with its id. */
export type Order =
  | { readonly id: number; readonly order: "prepare"; readonly variant: string; readonly workload: Workload }
  | ({ readonly id: number; readonly order: "burst"; readonly variant: string } & BurstOptions);

export interface BurstOptions {
  /** Callers that each make their next call when the last one is answered. */
  readonly loops: number;
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
  /** ms, by the name of the call; a batch is one call here. */
  readonly latencies: Readonly<Record<string, Float64Array>>;
}
