import { ClassicLevel } from "classic-level";
import type { KeyRange } from "./keys.ts";

/** One entry to be put, or deleted where `value` is undefined. */
export interface Write {
  readonly key: Buffer;
  readonly value: Uint8Array | undefined;
}

/** What the store needs of LevelDB and no more, so that a test can stand in between. */
export interface Database {
  /** On the event loop: a few microseconds from memory or the page cache, a disk's latency where both miss. */
  read(key: Buffer): Buffer | undefined;
  /** Off the event loop: whatever `read` is asked for next is in memory then. */
  warm(keys: readonly Buffer[]): Promise<void>;
  /** Off the event loop, one snapshot. */
  readMany(keys: readonly Buffer[]): Promise<ReadonlyArray<Buffer | undefined>>;
  /** The first keys of a range, off the event loop. */
  keys(range: KeyRange, limit: number): Promise<readonly Buffer[]>;
  /** All or nothing, and on disk when it resolves. */
  write(writes: readonly Write[]): Promise<void>;
  /** Waits for what is under way. Safe to call twice. */
  close(): Promise<void>;
}

export type OpenDatabase = (directory: string) => Promise<Database>;

export const openDatabase: OpenDatabase = async (directory) => {
  const level = new ClassicLevel<Buffer, Buffer>(directory, { keyEncoding: "buffer", valueEncoding: "buffer" });
  await level.open();
  return {
    read: (key) => level.getSync(key),
    warm: async (keys) => {
      await level.hasMany([...keys]);
    },
    readMany: (keys) => level.getMany([...keys]),
    keys: (range, limit) => level.keys({ ...range, limit }).all(),
    write: async (writes) => {
      const batch = level.batch();
      for (const { key, value } of writes) {
        if (value === undefined) batch.del(key);
        else batch.put(key, value as Buffer); // the encoding takes any Uint8Array
      }
      await batch.write({ sync: true });
    },
    close: () => level.close(),
  };
};
