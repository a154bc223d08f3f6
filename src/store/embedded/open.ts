import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { type FencingToken, fencingToken } from "../../base/units.ts";
import type { Logger } from "../../telemetry/logger.ts";
import { type IdempotencyStore, StoreOpenError } from "../port.ts";
import { inWords } from "./cause.ts";
import { type Database, type OpenDatabase, openDatabase } from "./database.ts";
import { DISK_LAYOUT_VERSION, EVERY_KEY, LAYOUT_KEY, TOKEN_KEY } from "./keys.ts";
import type { RunningRecords } from "./running.ts";
import { EmbeddedStore } from "./store.ts";
import { SWEEP_EVERY_MS } from "./sweep.ts";

export interface EmbeddedOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How often to look for what has expired, ms. A test does not want to wait. */
  readonly sweepEveryMs?: number;
  /** A test stands between the store and its disk. */
  readonly openDatabase?: OpenDatabase;
  /** A test takes away what the store has in memory, as a restart does. */
  readonly running?: RunningRecords;
}

/**
 * Opens the store of a directory, which is made where it is missing, readable by its owner alone. Nothing is scanned.
 * @throws {StoreOpenError} when another process has it, it is not ours to write, or a newer onceward has written it.
 */
export async function openEmbeddedStore(options: EmbeddedOptions): Promise<IdempotencyStore> {
  const directory = resolve(options.directory);
  const open = () => openOurs(directory, options.openDatabase ?? openDatabase);
  makeDirectory(directory);
  const { clock, logger, running, sweepEveryMs = SWEEP_EVERY_MS } = options;
  return new EmbeddedStore({ directory, clock, logger, running, sweepEveryMs, ...(await open()), reopen: open });
}

interface Opened {
  readonly database: Database;
  /** The last fencing token that was minted into it. */
  readonly lastToken: FencingToken;
}

async function openOurs(directory: string, openDatabase: OpenDatabase): Promise<Opened> {
  const database = await openDatabase(directory).catch((cause: unknown) => {
    throw new StoreOpenError(whyNotOpened(directory, cause), { cause });
  });
  try {
    await checkLayout(directory, database);
    const token = database.read(TOKEN_KEY);
    return { database, lastToken: fencingToken(token === undefined ? 0n : token.readBigUInt64BE(0)) };
  } catch (cause) {
    await database.close();
    throw cause instanceof StoreOpenError ? cause : new StoreOpenError(whyNotOpened(directory, cause), { cause });
  }
}

async function checkLayout(directory: string, database: Database): Promise<void> {
  const found = database.read(LAYOUT_KEY)?.toString();
  if (found === String(DISK_LAYOUT_VERSION)) return;
  if (found !== undefined) {
    const versions = `layout ${found}, and this one reads layout ${DISK_LAYOUT_VERSION}`;
    throw new StoreOpenError(`${directory} was written by another version of onceward (${versions})`);
  }
  if ((await database.keys(EVERY_KEY, 1)).length > 0) {
    throw new StoreOpenError(`${directory} holds a database that is not onceward's: give it another directory`);
  }
  await database.write([{ key: LAYOUT_KEY, value: Buffer.from(String(DISK_LAYOUT_VERSION)) }]);
}

function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    syncDirectory(dirname(directory));
  } catch (cause) {
    throw new StoreOpenError(`cannot make the directory ${directory}: ${inWords(cause)}`, { cause });
  }
}

/** Makes the entry of a new directory survive a power cut, as its files do. */
function syncDirectory(directory: string): void {
  if (process.platform === "win32") return; // cannot open a directory, and needs not
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function whyNotOpened(directory: string, cause: unknown): string {
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  if (inner instanceof Error && "code" in inner && inner.code === "LEVEL_LOCKED") {
    return `another onceward has ${directory} open: one process owns a directory, so stop it or use another directory`;
  }
  return `cannot open the database in ${directory}: ${inWords(inner)}`;
}
