import { Checks } from "../../clients/typescript/src/checks.ts";
import { decodeBegin, decodeComplete } from "../../clients/typescript/src/decode.ts";
import { encodeBegin, encodeComplete } from "../../clients/typescript/src/encode.ts";
import type { BeginOutcome, CompleteOutcome } from "../../clients/typescript/src/outcomes.ts";
import { Reader } from "../../clients/typescript/src/protobuf-reader.ts";
import { aloneOf, joinItems, Writer, type Written } from "../../clients/typescript/src/protobuf-writer.ts";
import { type Guard, guardWork } from "./guard.ts";
import { Http2Connection } from "./http2.ts";
import { expectAnswer, type Stopwatch, type Work } from "./loops.ts";
import {
  FINGERPRINT_ALGORITHM,
  LEASE_MS,
  RETENTION_MS,
  randomFingerprint,
  randomKey,
  randomResult,
} from "./payloads.ts";
import type { Calls } from "./protocol.ts";

const ECHO = "/onceward.bench.EchoService/Echo";
const SERVICE = "/onceward.v1.IdempotencyService/";
const NOTHING = Buffer.alloc(0);

const sheet = { checks: new Checks(), writer: new Writer() };

/** Calls a server over one connection, as cheaply as it can be done: it is the server that is measured. */
export function grpcWork(address: string, calls: Calls): Work {
  const connection = new Http2Connection(address);
  switch (calls) {
    case "echoes":
      return { step: (stopwatch) => stopwatch.time("Echo", () => connection.call(ECHO, NOTHING)) };
    case "begins":
      return { step: (stopwatch) => begin(connection, stopwatch, fresh(), "started") };
    case "begins-100":
      return { step: (stopwatch) => beginBatch(connection, stopwatch, 100) };
    case "batches-10":
      return { step: (stopwatch) => pairBatch(connection, stopwatch, 10) };
    case "batches-100":
      return { step: (stopwatch) => pairBatch(connection, stopwatch, 100) };
    default:
      return guardWork(unary(connection), calls);
  }
}

/** Duplicates of finished records, whichever `next` names. */
export function grpcReplays(address: string, next: () => Asked): Work {
  const connection = new Http2Connection(address);
  return { step: (stopwatch) => begin(connection, stopwatch, next(), "replay") };
}

/** An effect. */
interface Asked {
  readonly key: string;
  readonly digest: Uint8Array;
}

const fresh = (): Asked => ({ key: randomKey(), digest: randomFingerprint() });

function unary(connection: Http2Connection): Guard<Asked> {
  return {
    fresh,
    async first(asked, stopwatch) {
      const token = await begin(connection, stopwatch, asked, "started");
      const answer = await stopwatch.time("Complete", () =>
        connection.call(`${SERVICE}Complete`, aloneOf(complete(asked, token))),
      );
      expectAnswer("Complete", decodeComplete(new Reader(answer)).kind, "stored");
    },
    async again(asked, stopwatch) {
      await begin(connection, stopwatch, asked, "replay");
    },
  };
}

/** Resolves with the fencing token; 0 when nothing was started. */
async function begin(
  connection: Http2Connection,
  stopwatch: Stopwatch,
  asked: Asked,
  wanted: BeginOutcome["kind"],
): Promise<bigint> {
  const answer = await stopwatch.time("Begin", () => connection.call(`${SERVICE}Begin`, aloneOf(beginning(asked))));
  return tokenOf(decodeBegin(new Reader(answer)), wanted);
}

/** Resolves with what was asked, and the fencing token of each. */
async function beginBatch(connection: Http2Connection, stopwatch: Stopwatch, items: number) {
  const all = Array.from({ length: items }, fresh);
  const message = joinItems(all.map(beginning));
  const answer = await stopwatch.time(
    `BeginBatch(${items})`,
    () => connection.call(`${SERVICE}BeginBatch`, message),
    items,
  );
  const begun = itemsOf(answer, decodeBegin);
  return all.map((asked, item) => ({ asked, token: tokenOf(begun[item], "started") }));
}

async function pairBatch(connection: Http2Connection, stopwatch: Stopwatch, items: number): Promise<void> {
  const started = await beginBatch(connection, stopwatch, items);
  const message = joinItems(started.map(({ asked, token }) => complete(asked, token)));
  const call = () => connection.call(`${SERVICE}CompleteBatch`, message);
  const completed = itemsOf(await stopwatch.time(`CompleteBatch(${items})`, call, items), decodeComplete);
  for (const item of started.keys()) expectAnswer("an item of CompleteBatch", completed[item]?.kind, "stored");
}

function tokenOf(outcome: BeginOutcome | undefined, wanted: BeginOutcome["kind"]): bigint {
  expectAnswer("Begin", outcome?.kind, wanted);
  return outcome?.kind === "started" ? outcome.attempt.token : 0n;
}

function beginning({ key, digest }: Asked): Written {
  const options = {
    fingerprint: { digest, algorithm: FINGERPRINT_ALGORITHM },
    leaseMs: LEASE_MS,
    retentionMs: RETENTION_MS,
  };
  return written(() => encodeBegin(sheet, { namespace: "default", operation: "charge", key }, options, randomKey));
}

function complete({ key }: Asked, token: bigint): Written {
  const options = { kind: "succeeded", token, result: { body: randomResult() } } as const;
  return written(() => encodeComplete(sheet, { namespace: "default", operation: "charge", key }, options));
}

function written(encode: () => void): Written {
  sheet.writer.begin();
  encode();
  const error = sheet.checks.error();
  if (error !== undefined) throw error;
  return sheet.writer.take();
}

/** Of a batch's answer; one that failed is missing. */
function itemsOf<Outcome extends BeginOutcome | CompleteOutcome>(
  answer: Buffer,
  decode: (reader: Reader) => Outcome,
): (Outcome | undefined)[] {
  const reader = new Reader(answer);
  const items: (Outcome | undefined)[] = [];
  while (reader.next())
    items.push(reader.message(() => (reader.next() && reader.field === 1 ? reader.message(decode) : undefined)));
  return items;
}
