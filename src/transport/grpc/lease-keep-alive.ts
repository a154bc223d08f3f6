import type * as grpc from "@grpc/grpc-js";
import { monotonicMs } from "../../base/clock.ts";
import { OncewardError } from "../../base/errors.ts";
import { KEEP_ALIVE_EVERY_MS_MAX } from "../../base/limits.ts";
import { durationMs } from "../../base/units.ts";
import { type LeaseKeepAliveCall, LeaseKeeper, type LeaseNews } from "../../service/lease-keep-alive.ts";
import { callerOf, type TransportDeps } from "./context.ts";
import { Fields } from "./fields.ts";
import type { KeepAliveRequest__Output } from "./gen/onceward/v1/KeepAliveRequest.ts";
import type { KeepAliveResponse } from "./gen/onceward/v1/KeepAliveResponse.ts";
import { readLeaseAddress, readLeaseProof, readLeaseTtl } from "./lease-fields.ts";
import { startSpan } from "./observed.ts";
import { toServiceError } from "./status.ts";
import { refusal, refuseBadText } from "./unary.ts";

type Call = grpc.ServerDuplexStream<KeepAliveRequest__Output, KeepAliveResponse>;

/**
 * Keeps a lease for as long as its stream lives. A caller who does not take the answers is not read from either, and
 * gets the latest of them once it does.
 */
export function leaseKeepAlive(
  deps: TransportDeps,
): grpc.handleBidiStreamingCall<KeepAliveRequest__Output, KeepAliveResponse> {
  return (call) => {
    const out = new Outlet(call);
    const span = deps.tracing.active ? startSpan(deps, call, callerOf(call, deps.stopping)) : undefined;
    let keeper: LeaseKeeper | undefined;
    let over = false;
    const close = () => {
      if (!over) span?.end();
      over = true;
      keeper?.close();
      deps.stopping.removeEventListener("abort", stop);
    };
    const fail = (error: unknown) => {
      if (over) return;
      close();
      if (!call.cancelled) call.emit("error", toServiceError(refusal(deps, error)));
    };
    const stop = () => {
      const why = "the sidecar is stopping: the lease is renewed no more, and runs out by itself";
      fail(new OncewardError("SHUTTING_DOWN", why));
    };
    call.on("data", (request: KeepAliveRequest__Output) => {
      // What was under way when the stream ended.
      if (over) return;
      try {
        refuseBadText(request);
        if (keeper !== undefined) return keeper.prod(readProd(deps, request));
        keeper = new LeaseKeeper(deps, readKeepAlive(deps, request), { tell: (news) => out.tell(news), fail });
        keeper.start();
      } catch (error) {
        fail(error);
      }
    });
    call.on("error", (error) => deps.logger.debug({ err: error }, "a KeepAlive broke off"));
    call.on("cancelled", close);
    call.on("close", close);
    call.on("end", () => {
      close();
      call.end();
    });
    if (deps.stopping.aborted) stop();
    else deps.stopping.addEventListener("abort", stop, { once: true });
  };
}

/** What goes out, and no faster than it is taken: of what could not be written, the latest. */
class Outlet {
  readonly #call: Call;
  #blocked = false;
  #held: { readonly news: LeaseNews; readonly at: number } | undefined;

  constructor(call: Call) {
    this.#call = call;
    call.on("drain", () => {
      this.#blocked = false;
      call.resume();
      const held = this.#held;
      this.#held = undefined;
      if (held !== undefined) this.tell(aged(held.news, monotonicMs() - held.at));
    });
  }

  tell(news: LeaseNews): void {
    const call = this.#call;
    if (call.cancelled) return;
    if (this.#blocked && news.kind === "renewed") {
      this.#held = { news, at: monotonicMs() };
      return;
    }
    this.#blocked = !call.write(messageOf(news));
    if (news.kind === "lost") call.end();
    else if (this.#blocked) call.pause();
  }
}

/** The same news told later. */
function aged(news: LeaseNews, ms: number): LeaseNews {
  return { ...news, validity: durationMs(Math.max(0, Math.floor(news.validity - ms))) };
}

function messageOf(news: LeaseNews): KeepAliveResponse {
  if (news.kind === "renewed") return { outcome: "RENEWED", validityMs: news.validity };
  return { outcome: "LOST", validityMs: news.validity, reason: news.reason };
}

function readKeepAlive(deps: TransportDeps, request: KeepAliveRequest__Output): LeaseKeepAliveCall {
  const fields = new Fields();
  const call = {
    address: readLeaseAddress(fields, request),
    proof: readLeaseProof(fields, request),
    ttl: readLeaseTtl(deps, fields, request.ttlMs),
    every: fields.duration("every_ms", request.everyMs, { min: 0, max: KEEP_ALIVE_EVERY_MS_MAX }),
    validity: fields.duration("validity_ms", request.validityMs, { min: 0, max: deps.settings.lease_ttl_max }),
  };
  fields.check();
  return call;
}

/** Of a later message only the length is read. */
function readProd(deps: TransportDeps, request: KeepAliveRequest__Output) {
  const fields = new Fields();
  const ttl = readLeaseTtl(deps, fields, request.ttlMs);
  fields.check();
  return ttl;
}
