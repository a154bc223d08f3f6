import { EventEmitter } from "node:events";
import type { ServerHttp2Session } from "node:http2";
import type * as grpc from "@grpc/grpc-js";
import { TurnoverMap } from "../../base/turnover.ts";

/** The Node whose `lib/internal/http2/core.js` was read: what it asks of the tables is known of that one only. */
const KNOWN_NODE = "26";

/** What a session of Node's HTTP/2 keeps of its streams. */
interface SessionState {
  streams: { readonly size: number };
  /** Those that have no number yet: of a server none for longer than it takes to make one. */
  pendingStreams: { readonly size: number };
}

/**
 * Has the HTTP/2 sessions of a server keep their streams in tables that let go of them. Node keeps them in a `Map` and
 * a `Set`, which hold calls that are over until the next full collection: see {@link TurnoverMap}. Under another Node
 * than is known here, or with a session that looks different, all stays as it is.
 */
export function letGoOfStreams(server: grpc.Server): void {
  const listeners: unknown = Reflect.get(server, "http2Servers");
  if (process.versions.node.split(".")[0] !== KNOWN_NODE || !(listeners instanceof Map)) return;
  for (const listener of listeners.keys()) if (listener instanceof EventEmitter) listener.on("session", replaceTables);
}

/** @returns whether there was anything to replace. */
export function replaceTables(session: ServerHttp2Session): boolean {
  const state = Object.getOwnPropertySymbols(session)
    .map((symbol): unknown => Reflect.get(session, symbol))
    .find(isStateOfNew);
  if (state === undefined) return false;
  state.streams = new Streams();
  state.pendingStreams = new FewStreams();
  return true;
}

function isStateOfNew(value: unknown): value is SessionState {
  if (typeof value !== "object" || value === null) return false;
  const { streams, pendingStreams } = value as Partial<SessionState>; // each is looked at before it is used
  return streams?.size === 0 && pendingStreams?.size === 0;
}

class Streams extends TurnoverMap<number, object> {
  forEach(visit: (stream: object) => void): void {
    for (const stream of this.values()) visit(stream);
  }
}

/** As much of a `Set` as Node asks for. */
class FewStreams {
  #streams: readonly object[] = [];

  get size(): number {
    return this.#streams.length;
  }

  add(stream: object): void {
    this.#streams = [...this.#streams, stream];
  }

  delete(stream: object): void {
    this.#streams = this.#streams.filter((other) => other !== stream);
  }

  forEach(visit: (stream: object) => void): void {
    for (const stream of this.#streams) visit(stream);
  }
}
