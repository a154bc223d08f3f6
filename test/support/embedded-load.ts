/**
 * A program that is meant to be killed: `node embedded-load.ts <directory> <round> <ms>` runs callers on the embedded
 * store of a directory and says on stdout what was acknowledged to them, one line each and only once it was:
 *
 *   begun <key> <token> 0 .
 *   completed <key> <token> <length of result> .
 *
 * At SIGTERM it closes the store, and kills itself so many ms after what is in memory has begun to go to files. It says
 *
 *   flushing . . . .
 *   flushed . . . .
 */
import { systemClock } from "../../src/base/clock.ts";
import { openDatabase } from "../../src/store/embedded/database.ts";
import { openEmbeddedStore } from "../../src/store/embedded/open.ts";
import { silentLogger } from "../../src/telemetry/logger.ts";
import { address, beginCommand, completeCommand, DAY, releaseCommand, renewCommand, resultOf } from "./commands.ts";

const CALLERS = 32;
/** Some within the record, some kept apart. */
const RESULT_LENGTHS = [0, 100, 1024, 1025, 20_000];

const [directory = "", round = "", killAfterMs = ""] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);
const store = await openEmbeddedStore({
  directory,
  clock: systemClock,
  logger: silentLogger,
  async openDatabase(path) {
    const database = await openDatabase(path);
    const flush = async () => {
      say("flushing . . . .");
      const flushed = database.flush();
      if (killAfterMs === "0") process.kill(process.pid, "SIGKILL");
      setTimeout(() => process.kill(process.pid, "SIGKILL"), Number(killAfterMs));
      await flushed;
      say("flushed . . . .");
    };
    return { ...database, flush };
  },
});
let closing = false;
process.once("SIGTERM", async () => {
  closing = true;
  await store.close(); // the timer of the kill keeps the process until then
});

async function begin(key: string): Promise<bigint> {
  const outcome = await store.begin(address({ key }), beginCommand({ retention: { result: DAY } }));
  if (outcome.kind !== "started") throw new Error(`${key}: ${outcome.kind}`);
  say(`begun ${key} ${outcome.record.token} 0 .`);
  return outcome.record.token;
}

async function call(key: string, n: number): Promise<void> {
  const at = address({ key });
  let token = await begin(key);
  if (n % 3 === 0) {
    await store.release(at, releaseCommand(token));
    token = await begin(key);
  }
  if (n % 5 === 0) await store.renew(at, renewCommand(token));
  const length = RESULT_LENGTHS[n % RESULT_LENGTHS.length] ?? 0;
  const command = completeCommand(token, { result: resultOf(length), retention: { result: DAY } });
  const { kind } = await store.complete(at, command);
  if (kind !== "stored") throw new Error(`${key}: ${kind}`);
  say(`completed ${key} ${token} ${length} .`);
}

async function caller(name: string): Promise<void> {
  for (let n = 0; !closing; n++) {
    await call(`${name}-${n}`, n).catch((fault) => {
      if (!closing) throw fault;
    });
  }
}

await Promise.all(Array.from({ length: CALLERS }, (_, i) => caller(`${round}-${i}`)));
