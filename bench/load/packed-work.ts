import { hash, randomFillSync } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { Redis } from "ioredis";
import { bareScript } from "./bare-script.ts";
import type { Work } from "./loops.ts";
import { LEASE_MS, RETENTION_MS, randomFingerprint, randomKey } from "./payloads.ts";

const ITEMS = 100;
/** A key is as long as in script-work.ts; this many bytes of it are made anew for every use. */
const KEY_PREFIX = "bare:";
const RANDOM_BYTES = 16;
/** `*100`, then a started record's header of 21 bytes each: what an answer takes on the wire when all have started. */
const REPLY_BYTES = `*${ITEMS}\r\n`.length + ITEMS * ("$21\r\n".length + 21 + 2);
const ARRAY_MARK = "*".charCodeAt(0);

interface Command {
  readonly bytes: Buffer;
  /** Where in `bytes` each key has its random part. */
  readonly keysAt: readonly number[];
}

/**
 * One bare script for a hundred keys, the command encoded beforehand and written as it is: what is left of a batch when
 * the client costs nothing. Only the keys' bytes change.
 */
export async function packedWork(socket: string): Promise<Work> {
  const lua = bareScript("begin-many");
  await loadScript(socket, lua);
  const ask = await openPipe(socket);
  const idle: Command[] = [];
  const random = Buffer.alloc(ITEMS * RANDOM_BYTES);
  return {
    async step(stopwatch) {
      const command = idle.pop() ?? encode(hash("sha1", lua));
      randomFillSync(random);
      for (const [item, at] of command.keysAt.entries()) {
        random.copy(command.bytes, at, item * RANDOM_BYTES, (item + 1) * RANDOM_BYTES);
      }
      await stopwatch.time(`begin-many.lua(${ITEMS})`, () => ask(command.bytes), ITEMS);
      idle.push(command);
    },
  };
}

async function loadScript(socket: string, lua: string): Promise<void> {
  const redis = new Redis({ path: socket });
  await redis.script("LOAD", lua);
  await redis.quit();
}

function encode(sha: string): Command {
  const keys = Array.from({ length: ITEMS }, () => `${KEY_PREFIX}${randomKey()}`);
  const fingerprints = Array.from({ length: ITEMS }, randomFingerprint);
  const keysAt: number[] = [];
  const parts: Buffer[] = [];
  let length = 0;
  const push = (part: Buffer) => {
    parts.push(part);
    length += part.length;
  };
  const words = ["EVALSHA", sha, String(ITEMS), ...keys, String(LEASE_MS), String(RETENTION_MS), ...fingerprints];
  push(Buffer.from(`*${words.length}\r\n`));
  for (const word of words) {
    const bytes = Buffer.from(word);
    push(Buffer.from(`$${bytes.length}\r\n`));
    if (typeof word === "string" && word.startsWith(KEY_PREFIX)) keysAt.push(length + KEY_PREFIX.length);
    push(bytes);
    push(Buffer.from("\r\n"));
  }
  return { bytes: Buffer.concat(parts), keysAt };
}

/** Answers come in the order of the commands, all of one length; any other answer is a failure of them all. */
async function openPipe(path: string): Promise<(command: Buffer) => Promise<void>> {
  const socket = connect(path);
  await once(socket, "connect");
  const waiting: PromiseWithResolvers<void>[] = [];
  let at = 0;
  socket.on("error", (error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  });
  socket.on("data", (chunk) => {
    let left = chunk.length;
    while (left > 0) {
      if (at === 0 && chunk[chunk.length - left] !== ARRAY_MARK) {
        socket.destroy(new Error(`begin-many.lua answered ${chunk.toString("latin1", 0, 200)}`));
        return;
      }
      const taken = Math.min(REPLY_BYTES - at, left);
      left -= taken;
      at = (at + taken) % REPLY_BYTES;
      if (at === 0) waiting.shift()?.resolve();
    }
  });
  return (command) => {
    const answer = Promise.withResolvers<void>();
    waiting.push(answer);
    socket.write(command);
    return answer.promise;
  };
}
