import { Redis } from "ioredis";
import { bareScript } from "./bare-script.ts";
import { type Guard, guardWork } from "./guard.ts";
import { expectAnswer, type Work } from "./loops.ts";
import { LEASE_MS, RETENTION_MS, randomFingerprint, randomKey, randomResult } from "./payloads.ts";
import type { GuardCalls } from "./protocol.ts";

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
export async function scriptWork(socket: string, calls: GuardCalls): Promise<Work> {
  const redis = new Redis({ path: socket });
  writeOncePerTurn(redis);
  const load = async (name: string) => String(await redis.script("LOAD", bareScript(name)));
  return guardWork(scripts({ redis, beginSha: await load("begin"), completeSha: await load("complete") }), calls);
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

function scripts({ redis, beginSha, completeSha }: Bare): Guard<Asked> {
  const begin = ({ key, fingerprint }: Asked): Promise<unknown> =>
    redis.callBuffer("EVALSHA", beginSha, 1, key, fingerprint, LEASE_MS, RETENTION_MS);
  return {
    fresh: () => ({ key: `bare:${randomKey()}`, fingerprint: randomFingerprint() }),
    async first(asked, stopwatch) {
      const header = await stopwatch.time("begin.lua", () => begin(asked));
      if (!Buffer.isBuffer(header) || header.length !== HEADER_BYTES) throw new Error("begin.lua did not start");
      const token = header.subarray(0, TOKEN_BYTES);
      const complete = () => redis.evalsha(completeSha, 1, asked.key, token, finished(header, asked), RETENTION_MS);
      expectAnswer("complete.lua", await stopwatch.time("complete.lua", complete), 1);
    },
    async again(asked, stopwatch) {
      const record = await stopwatch.time("begin.lua", () => begin(asked));
      expectAnswer("begin.lua of a finished record", Buffer.isBuffer(record) && record[0], FINISHED);
    },
  };
}

function finished(header: Buffer, { fingerprint }: Asked): Buffer {
  const record = Buffer.concat([header, fingerprint, randomResult()]);
  record.writeUInt8(FINISHED, 0);
  return record;
}
