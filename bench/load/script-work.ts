import { readFileSync } from "node:fs";
import { Redis } from "ioredis";
import { expectAnswer, repeat, type Stopwatch, type Work } from "./loops.ts";
import {
  FINISHED_RECORDS,
  LEASE_MS,
  PREPARE_LOOPS,
  RETENTION_MS,
  randomFingerprint,
  randomKey,
  randomResult,
} from "./payloads.ts";

/** Bytes that Begin returns of a started record, and those of them that Complete compares. */
const HEADER_BYTES = 21;
const TOKEN_BYTES = 13;
const FINISHED = 2;

interface Bare {
  readonly redis: Redis;
  readonly beginSha: string;
  readonly completeSha: string;
}

interface Asked {
  readonly key: string;
  readonly fingerprint: Buffer;
}

/** The two bare scripts, called by ioredis straight from the process that wants to know: no sidecar between. */
export async function scriptWork(socket: string, calls: "pairs" | "replays"): Promise<Work> {
  const redis = new Redis({ path: socket });
  writeOncePerTurn(redis);
  const bare = { redis, beginSha: await load(redis, "begin"), completeSha: await load(redis, "complete") };
  if (calls === "replays") return replays(bare);
  return { step: (stopwatch) => pair(bare, stopwatch, fresh()) };
}

async function load(redis: Redis, name: string): Promise<string> {
  const lua = readFileSync(new URL(`./bare/${name}.lua`, import.meta.url), "utf8");
  return String(await redis.script("LOAD", lua));
}

/** The commands of one event-loop turn leave in one write: the fastest way there is to use ioredis. */
function writeOncePerTurn(redis: Redis): void {
  const send = redis.sendCommand.bind(redis);
  let corked = false;
  redis.sendCommand = (command, stream) => {
    const socket = redis.stream;
    if (!corked && socket !== undefined) {
      corked = true;
      socket.cork();
      setImmediate(() => {
        corked = false;
        socket.uncork();
      });
    }
    return send(command, stream);
  };
}

function fresh(): Asked {
  return { key: `bare:${randomKey()}`, fingerprint: randomFingerprint() };
}

async function pair(bare: Bare, stopwatch: Stopwatch | undefined, asked: Asked): Promise<void> {
  const ask = () => begin(bare, asked);
  const header = await (stopwatch?.time("begin.lua", ask) ?? ask());
  if (!Buffer.isBuffer(header) || header.length !== HEADER_BYTES) throw new Error("begin.lua did not start");
  const complete = () =>
    bare.redis.evalsha(
      bare.completeSha,
      1,
      asked.key,
      header.subarray(0, TOKEN_BYTES),
      finished(header, asked),
      RETENTION_MS,
    );
  expectAnswer("complete.lua", await (stopwatch?.time("complete.lua", complete) ?? complete()), 1);
}

function begin({ redis, beginSha }: Bare, { key, fingerprint }: Asked): Promise<unknown> {
  return redis.callBuffer("EVALSHA", beginSha, 1, key, fingerprint, LEASE_MS, RETENTION_MS);
}

function finished(header: Buffer, { fingerprint }: Asked): Buffer {
  const record = Buffer.concat([header, fingerprint, randomResult()]);
  record.writeUInt8(FINISHED, 0);
  return record;
}

function replays(bare: Bare): Work {
  const known: Asked[] = [];
  let next = 0;
  return {
    prepare: () =>
      repeat(FINISHED_RECORDS, PREPARE_LOOPS, async () => {
        const asked = fresh();
        await pair(bare, undefined, asked);
        known.push(asked);
      }),
    step: async (stopwatch) => {
      const asked = known[next++ % known.length] ?? fresh();
      const record = await stopwatch.time("begin.lua", () => begin(bare, asked));
      expectAnswer("begin.lua of a finished record", Buffer.isBuffer(record) && record[0], FINISHED);
    },
  };
}
