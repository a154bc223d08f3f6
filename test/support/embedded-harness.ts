import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../src/base/clock.ts";
import { epochMs, epochUs } from "../../src/base/units.ts";
import { placeOf, streamPlaceOf } from "../../src/domain/address.ts";
import { type Database, openDatabase, type Write } from "../../src/store/embedded/database.ts";
import { drop, unpackAnyhow } from "../../src/store/embedded/held.ts";
import { EVERY_KEY, recordKey, streamKey } from "../../src/store/embedded/keys.ts";
import { openEmbeddedStore } from "../../src/store/embedded/open.ts";
import { RunningRecords } from "../../src/store/embedded/running.ts";
import { packStream } from "../../src/store/packed-stream.ts";
import type { IdempotencyStore } from "../../src/store/port.ts";
import { silentLogger } from "../../src/telemetry/logger.ts";
import type { Harness } from "../conformance/harness.ts";

/** A sweep that does not come while a test runs, ms. */
const NEVER = 2 ** 31 - 1;
/** Turns of the event loop without a write after which none is on its way: between two flushes lies one. */
const IDLE_TURNS = 4;
/** First byte of the entries that list unfinished records. */
const LISTED = "u".charCodeAt(0);

export interface EmbeddedParts {
  /** Where the store lives and is left behind; a directory of its own, removed at the end, where nothing is said. */
  readonly directory?: string;
  /** First time on the store's clock, µs. */
  readonly fromUs?: number;
  readonly sweepEveryMs?: number;
}

export interface EmbeddedHarness extends Harness {
  readonly directory: string;
  /** What the next writes go through before the disk; may wait, or throw as a disk would. */
  beforeWrite: (writes: readonly Write[]) => Promise<void>;
  /** What opening the database again goes through first. */
  beforeOpen: () => Promise<void>;
  /** How often the store has had LevelDB put what is in memory into files. */
  flushes(): number;
  /** How often the store has read an entry. */
  reads(key: Buffer): number;
  /** Every key on disk, as text of one character a byte. */
  keys(): Promise<readonly string[]>;
  /** Changes the database behind the store's back. */
  tamper(writes: readonly Write[]): Promise<void>;
  database(): Database;
}

/** An embedded store in a directory of its own. */
export async function openEmbedded(parts: EmbeddedParts = {}): Promise<EmbeddedHarness> {
  const directory = parts.directory ?? (await mkdtemp(join(tmpdir(), "onceward-embedded-")));
  let nowUs = parts.fromUs ?? Date.now() * 1000;
  let opened: Database | undefined;
  /** Writes of the store under way. */
  let writing = 0;
  const database = (): Database => {
    if (opened === undefined) throw new Error("the database is not open");
    return opened;
  };
  const clock: Clock = { now: () => epochMs(Math.floor(nowUs / 1000)), nowUs: () => epochUs(nowUs) };
  const open = async (path: string): Promise<Database> => {
    await harness?.beforeOpen();
    const disk = await openDatabase(path);
    opened = disk;
    const write = async (writes: readonly Write[]) => {
      writing += 1;
      try {
        await harness?.beforeWrite(writes);
        await disk.write(writes);
      } finally {
        writing -= 1;
      }
    };
    const read = (key: Buffer) => {
      const text = key.toString("latin1");
      reads.set(text, (reads.get(text) ?? 0) + 1);
      return disk.read(key);
    };
    const flush = () => {
      flushes += 1;
      return disk.flush();
    };
    return { ...disk, read, write, flush };
  };
  /** Leaves what lists the record. A count of duplicates on its way to the disk would bring it back: tries again. */
  const lose = async (id: string): Promise<void> => {
    const key = recordKey(id);
    do {
      const writes: Write[] = [{ key, value: undefined }];
      const held = unpackAnyhow(database().read(key));
      if (held !== undefined) drop(id, held, writes);
      await database().write(writes.filter(({ key: [kind] }) => kind !== LISTED));
      running.clear();
      for (let idle = 0; idle < IDLE_TURNS; idle = writing > 0 ? 0 : idle + 1) await setImmediate();
    } while (database().read(key) !== undefined);
  };
  const running = new RunningRecords();
  const reads = new Map<string, number>();
  let flushes = 0;
  let harness: EmbeddedHarness | undefined;
  const { sweepEveryMs = NEVER } = parts;
  const store: IdempotencyStore = await openEmbeddedStore({
    ...{ directory, clock, logger: silentLogger, running, sweepEveryMs, openDatabase: open },
  });
  harness = {
    store,
    directory,
    database,
    beforeWrite: async () => {},
    beforeOpen: async () => {},
    nowUs: () => nowUs,
    advance: async (ms) => {
      nowUs += ms * 1000;
    },
    lose: (address) => lose(placeOf(address).id),
    putStream: (at, stream) =>
      database().write([{ key: streamKey(streamPlaceOf(at).id), value: stream && packStream(stream) }]),
    flushes: () => flushes,
    reads: (key) => reads.get(key.toString("latin1")) ?? 0,
    keys: async () => (await database().keys(EVERY_KEY, 1_000_000)).map((key) => key.toString("latin1")),
    tamper: (writes) => database().write(writes),
    close: async () => {
      await store.close();
      if (parts.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
  return harness;
}
