import { durationMs, epochMs } from "../../base/units.ts";
import { type StreamAddress, streamPlaceOf } from "../../domain/address.ts";
import { ADVANCE_INITIAL, type AdvanceCommand, type AdvanceOutcome } from "../../domain/advance.ts";
import type { ResetCommand, ResetOutcome } from "../../domain/reset.ts";
import { type Standing, standingOf } from "../../domain/standing.ts";
import { packOrdering } from "../packed-sections.ts";
import { unpackStream } from "../packed-stream.ts";
import { type SequenceStore, shardAndSlot } from "../port.ts";
import type { Argument } from "../redis-client/connection.ts";
import type { Fleet } from "./fleet.ts";
import { headerKey, streamKey } from "./keys.ts";
import { bigIn, type Tagged, tagged, tagOf, wordOf } from "./replies.ts";

const RESET = 1;
const ONLY_KNOWN = 2;

interface Answer {
  readonly reply: Tagged;
  readonly asked: { readonly where: string };
}

/** The streams of the Redis store by themselves. */
export class Sequences implements SequenceStore {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  async advance(at: StreamAddress, command: AdvanceCommand): Promise<AdvanceOutcome> {
    const { mode, sequence, expected, epoch, tiebreak, attemptId } = command;
    const adopts = mode === "monotonic" || mode === "last_write_wins";
    const section = packOrdering({
      ...{ mode, sequence, epoch, tiebreak, initial: ADVANCE_INITIAL, onTerminalFailure: "block" },
      onUnknownStream: adopts ? "adopt" : "require_initial",
    });
    const { reply, asked } = await this.#run("advance", at, [section, bytesOf(expected), attemptId]);
    const kinds = ["advanced", "duplicate", "stale", "gap", "conflict", "fenced"] as const;
    const { kind } = wordOf(reply, asked, kinds);
    const last = lastIn(reply, asked);
    return { kind, last, streamEpoch: bigIn(reply[2], asked), leaseLeft: durationMs(Number(reply[3])) };
  }

  async reset(at: StreamAddress, { expectedLast, to, epoch, onlyKnown }: ResetCommand): Promise<ResetOutcome> {
    const expected = expectedLast === undefined ? "" : bytesOf(expectedLast);
    const given = [expected, bytesOf(to), onlyKnown ? ONLY_KNOWN : RESET, epoch === undefined ? "" : bytesOf(epoch)];
    const { reply, asked } = await this.#run("reset", at, given);
    return { ...wordOf(reply, asked, ["reset", "conflict", "not_found"]), last: lastIn(reply, asked) };
  }

  async read(at: StreamAddress): Promise<Standing | undefined> {
    const { reply, asked } = await this.#run("standing", at, []);
    if (wordOf(reply, asked, ["known", "unknown"]).kind === "unknown") return undefined;
    const stream = unpackStream(reply[2] as Buffer, asked.where); // what standing.lua says under Returns
    return standingOf(stream, epochMs(Number(reply[1])));
  }

  async #run(script: "advance" | "reset" | "standing", at: StreamAddress, args: Argument[]): Promise<Answer> {
    const place = streamPlaceOf(at);
    const shard = this.#fleet.shardOf(place.slot);
    const where = shardAndSlot(shard.name, place.slot);
    const answer = Promise.withResolvers<Tagged>();
    shard.transition(script, {
      writeKeys(out) {
        out.text(headerKey(place.slot));
        out.text(streamKey(place));
        return 2;
      },
      writeArguments(out) {
        for (const arg of args) out.argument(arg);
        return args.length;
      },
      settle: (reply) => answer.resolve(tagged(reply, { where })),
      fail: answer.reject,
    });
    const reply = await answer.promise;
    if (tagOf(reply) === "damaged") unpackStream(Buffer.alloc(0), where); // throws as an unreadable one does
    return { reply, asked: { where } };
  }
}

/** Before place 0 there is nothing to tell. */
function lastIn(reply: Tagged, asked: Answer["asked"]): bigint {
  const [, last] = reply;
  return Buffer.isBuffer(last) && last.length === 0 ? -1n : bigIn(last, asked);
}

function bytesOf(number: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(number);
  return bytes;
}
