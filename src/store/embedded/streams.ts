import { OncewardError } from "../../base/errors.ts";
import type { Place, RecordPlace } from "../../domain/address.ts";
import type { InStream, Stream } from "../../domain/stream.ts";
import { packStream, unpackStream } from "../packed-stream.ts";
import { shardAndSlot } from "../port.ts";
import type { Flush, GroupCommit } from "./commit.ts";
import type { Write } from "./database.ts";
import { type Disk, SHARD } from "./disk.ts";
import { streamKey } from "./keys.ts";

/** A stream as the next transition finds it. */
export interface FoundStream {
  readonly stream: Stream | undefined;
  /** What an answer that says anything about it must wait for; undefined = it is on disk. */
  readonly awaited: Flush | undefined;
}

/** Reads streams: as last decided, else from disk. */
export class Streams {
  readonly #deps: { readonly disk: Disk; readonly commit: GroupCommit };

  constructor(deps: { readonly disk: Disk; readonly commit: GroupCommit }) {
    this.#deps = deps;
  }

  /** @throws {OncewardError} STORE_UNAVAILABLE or STORE_DAMAGED. */
  read({ id, slot }: Place): FoundStream {
    const { disk, commit } = this.#deps;
    const database = disk.database();
    const pending = commit.pendingStream(id);
    if (pending !== undefined) return pending;
    const value = this.#bytes(() => database.read(streamKey(id)));
    const stream = value === undefined ? undefined : unpackStream(value, shardAndSlot(SHARD, slot));
    return { stream, awaited: undefined };
  }

  /** As `read`; a stream that cannot be read is one that nobody knows. */
  readAnyhow(place: Place): FoundStream {
    try {
      return this.read(place);
    } catch (fault) {
      if (!(fault instanceof OncewardError) || fault.code !== "STORE_DAMAGED") throw fault;
      return { stream: undefined, awaited: undefined };
    }
  }

  /** What a record's transition sees of its stream: read when it is first looked at, and not at all if it never is. */
  around(place: RecordPlace, anyhow = false): LazyStream | undefined {
    const { streamId, slot } = place;
    if (streamId === undefined) return undefined;
    const at = { id: streamId, slot };
    return new LazyStream(place.id, () => (anyhow ? this.readAnyhow(at) : this.read(at)));
  }

  #bytes(read: () => Buffer | undefined): Buffer | undefined {
    try {
      return read();
    } catch (cause) {
      throw this.#deps.disk.fault(cause);
    }
  }
}

export class LazyStream implements InStream {
  readonly recordId: string;
  readonly #read: () => FoundStream;
  #found: FoundStream | undefined;

  constructor(recordId: string, read: () => FoundStream) {
    this.recordId = recordId;
    this.#read = read;
  }

  get stream(): Stream | undefined {
    this.#found ??= this.#read();
    return this.#found.stream;
  }

  /** As {@link FoundStream.awaited}; nothing where it was not looked at. */
  get awaited(): Flush | undefined {
    return this.#found?.awaited;
  }
}

export function writeOf(id: string, stream: Stream): Write {
  return { key: streamKey(id), value: packStream(stream) };
}
