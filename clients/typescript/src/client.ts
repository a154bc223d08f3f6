import { randomBytes } from "node:crypto";
import { Channel, type ChannelCredentials, credentials } from "@grpc/grpc-js";
import type {
  Address,
  BeginOptions,
  CallOptions,
  CheckpointOptions,
  CompleteOptions,
  GetOptions,
  ReleaseOptions,
  RenewOptions,
} from "./arguments.ts";
import { Call, Outstanding } from "./call.ts";
import { Checks } from "./checks.ts";
import { decodeBegin, decodeCheckpoint, decodeComplete, decodeGet, decodeRelease, decodeRenew } from "./decode.ts";
import {
  encodeBegin,
  encodeCheckpoint,
  encodeComplete,
  encodeGet,
  encodeRelease,
  encodeRenew,
  type Sheet,
} from "./encode.ts";
import { OncewardError } from "./errors.ts";
import { BatchLane, SingleLane } from "./lanes.ts";
import type {
  BeginOutcome,
  CheckpointOutcome,
  CompleteOutcome,
  GetOutcome,
  ReleaseOutcome,
  RenewOutcome,
} from "./outcomes.ts";
import { Writer } from "./protobuf-writer.ts";
import type { Lane } from "./retry.ts";
import { type Effect, type RunOptions, type RunResult, run } from "./run.ts";

export interface OpenOptions {
  /** `host:port` or `unix:/path`; left out = 127.0.0.1:7600. */
  readonly address?: string | undefined;
  /** Longest a call may take, all tries together, ms, besides what it asks to wait; left out = 5000. */
  readonly timeoutMs?: number | undefined;
  /** Left out = none, as fits a sidecar. */
  readonly credentials?: ChannelCredentials | undefined;
}

const DEFAULT_ADDRESS = "127.0.0.1:7600";
const DEFAULT_TIMEOUT_MS = 5000;
const TIMEOUT = { min: 1, max: 86_400_000 } as const;
/** Calls without an answer; more are refused, before they take the memory of this process. */
const OUTSTANDING_MAX = 50_000;

/** A sidecar is near: it is back as soon as it can be, and a connection that went silent is noticed. */
const CHANNEL_OPTIONS = {
  "grpc.enable_http_proxy": 0,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2000,
  "grpc.keepalive_time_ms": 20_000,
  "grpc.keepalive_timeout_ms": 5000,
} as const;

/** A client of one sidecar. Every call rejects with {@link OncewardError} and nothing else. */
export interface Onceward {
  /** May I run this effect now? Only `started` says yes. */
  begin(address: Address, options?: BeginOptions): Promise<BeginOutcome>;
  /** My attempt ended. */
  complete(address: Address, options: CompleteOptions): Promise<CompleteOutcome>;
  /** What is known about this effect? */
  get(address: Address, options?: GetOptions): Promise<GetOutcome>;
  /** I am still at it. */
  renew(address: Address, options: RenewOptions): Promise<RenewOutcome>;
  /** I have got this far. */
  checkpoint(address: Address, options: CheckpointOptions): Promise<CheckpointOutcome>;
  /** I did not run it. */
  release(address: Address, options: ReleaseOptions): Promise<ReleaseOutcome>;
  /** Begin, the effect with its heartbeat, Complete: see {@link run}. */
  run(address: Address, options: RunOptions, effect: Effect): Promise<RunResult>;
  /** Fails what has no answer yet, its outcome then being unknown, and every later call. Safe to call twice. */
  close(): void;
}

/** Opens a client; nothing is sent before the first call. @throws {OncewardError} when the options are wrong. */
export function openOnceward(options: OpenOptions = {}): Onceward {
  const checks = new Checks();
  checks.members("", options, new Set(["address", "timeoutMs", "credentials"]));
  const address = checks.text("address", options.address ?? DEFAULT_ADDRESS, 1, 4096) ?? "";
  const timeoutMs = checks.duration("timeoutMs", options.timeoutMs, TIMEOUT) ?? DEFAULT_TIMEOUT_MS;
  const wrong = checks.error();
  if (wrong !== undefined) throw wrong;
  return new OpenClient(address, options.credentials ?? credentials.createInsecure(), timeoutMs);
}

class OpenClient implements Onceward {
  readonly #channel: Channel;
  readonly #timeoutMs: number;
  readonly #lanes: ReturnType<typeof openLanes>;
  readonly #outstanding = new Outstanding();
  readonly #attemptId = openAttemptIds();
  /** One for all calls: each is written before the next one is made. */
  readonly #shared: Sheet = { checks: new Checks(), writer: new Writer() };
  #closed = false;

  constructor(address: string, security: ChannelCredentials, timeoutMs: number) {
    this.#channel = new Channel(address, security, CHANNEL_OPTIONS);
    this.#timeoutMs = timeoutMs;
    this.#lanes = openLanes(this.#channel);
  }

  begin(address: Address, options?: BeginOptions): Promise<BeginOutcome> {
    const given = options ?? {};
    const sheet = this.#sheet();
    encodeBegin(sheet, address, given, this.#attemptId);
    return this.#call(given.waitMs ? this.#lanes.waitingBegin : this.#lanes.begin, sheet, given);
  }

  complete(address: Address, options: CompleteOptions): Promise<CompleteOutcome> {
    const given = options ?? {};
    const sheet = this.#sheet();
    encodeComplete(sheet, address, given);
    return this.#call(this.#lanes.complete, sheet, given);
  }

  get(address: Address, options?: GetOptions): Promise<GetOutcome> {
    const given = options ?? {};
    const sheet = this.#sheet();
    encodeGet(sheet, address, given);
    return this.#call(this.#lanes.get, sheet, given);
  }

  renew(address: Address, options: RenewOptions): Promise<RenewOutcome> {
    const given = options ?? {};
    const sheet = this.#sheet();
    encodeRenew(sheet, address, given);
    return this.#call(this.#lanes.renew, sheet, given);
  }

  checkpoint(address: Address, options: CheckpointOptions): Promise<CheckpointOutcome> {
    const given = options ?? {};
    const sheet = this.#sheet();
    encodeCheckpoint(sheet, address, given);
    return this.#call(this.#lanes.checkpoint, sheet, given);
  }

  release(address: Address, options: ReleaseOptions): Promise<ReleaseOutcome> {
    const given = options ?? {};
    const sheet = this.#sheet();
    encodeRelease(sheet, address, given);
    return this.#call(this.#lanes.release, sheet, given);
  }

  run(address: Address, options: RunOptions, effect: Effect): Promise<RunResult> {
    return run(this, address, options, effect);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#outstanding.giveUpAll("CANCELLED", "the client was closed", "CLIENT_CLOSED");
    this.#channel.close();
  }

  #sheet(): Sheet {
    this.#shared.checks.clear();
    this.#shared.writer.begin();
    return this.#shared;
  }

  #call<Out>(
    lane: Lane<Out>,
    { checks, writer }: Sheet,
    options: CallOptions & { readonly waitMs?: number | undefined },
  ) {
    const { timeoutMs, waitMs = 0, signal } = options;
    const longest = checks.duration("timeoutMs", timeoutMs, TIMEOUT) ?? this.#timeoutMs + waitMs;
    if (signal !== undefined && !(signal instanceof AbortSignal)) checks.refuse("signal", "must be an AbortSignal");
    const refusal = checks.error() ?? this.#refusal(signal);
    if (refusal !== undefined) return Promise.reject(refusal);
    const request = writer.take();
    const deadline = Date.now() + longest;
    const outstanding = this.#outstanding;
    return new Promise<Out>((resolve, reject) => {
      lane.push(new Call<Out>({ request, deadline, signal, outstanding, resolve, reject }));
    });
  }

  /** Why nothing can be sent at all. */
  #refusal(signal: AbortSignal | undefined): OncewardError | undefined {
    const nothing = { outcomeUnknown: false } as const;
    if (this.#closed)
      return new OncewardError("CANCELLED", "the client is closed", { reason: "CLIENT_CLOSED", ...nothing });
    if (signal?.aborted) {
      const details = { reason: "CLIENT_ABORTED", cause: signal.reason, ...nothing };
      return new OncewardError("CANCELLED", "the call was aborted before it was made", details);
    }
    if (this.#outstanding.size < OUTSTANDING_MAX) return undefined;
    const message = `more than ${OUTSTANDING_MAX} calls without an answer`;
    return new OncewardError("RESOURCE_EXHAUSTED", message, { reason: "CLIENT_OVERLOADED", ...nothing });
  }
}

/** Ids that nobody else has: 128 random bits of this client's own, and a number. (A UUID each takes much longer.) */
function openAttemptIds(): () => string {
  const own = randomBytes(16).toString("base64url");
  let made = 0;
  return () => `${own}-${++made}`;
}

function openLanes(channel: Channel) {
  const begin = new SingleLane(channel, "Begin", decodeBegin);
  const complete = new SingleLane(channel, "Complete", decodeComplete);
  return {
    begin: new BatchLane({ channel, rpc: "BeginBatch", single: begin, decode: decodeBegin }),
    waitingBegin: begin,
    complete: new BatchLane({ channel, rpc: "CompleteBatch", single: complete, decode: decodeComplete }),
    get: new SingleLane(channel, "Get", decodeGet),
    renew: new SingleLane(channel, "Renew", decodeRenew),
    checkpoint: new SingleLane(channel, "Checkpoint", decodeCheckpoint),
    release: new SingleLane(channel, "Release", decodeRelease),
  };
}
