import type { Clock } from "../../base/clock.ts";
import type { EpochMs } from "../../base/units.ts";
import { type StreamAddress, streamPlaceOf } from "../../domain/address.ts";
import { type AdvanceCommand, decideAdvance, type StreamDecision } from "../../domain/advance.ts";
import { decideReset, type ResetCommand } from "../../domain/reset.ts";
import { standingOf } from "../../domain/standing.ts";
import type { Stream } from "../../domain/stream.ts";
import type { SequenceStore } from "../port.ts";
import type { GroupCommit } from "./commit.ts";
import { type Streams, writeOf } from "./streams.ts";

interface SequencesDeps {
  readonly streams: Streams;
  readonly commit: GroupCommit;
  readonly clock: Clock;
}

/** The streams of the embedded store by themselves. */
export class Sequences implements SequenceStore {
  readonly #deps: SequencesDeps;

  constructor(deps: SequencesDeps) {
    this.#deps = deps;
  }

  advance(at: StreamAddress, command: AdvanceCommand) {
    return this.#transit(at, (stream, now) => decideAdvance(stream, command, now));
  }

  reset(at: StreamAddress, command: ResetCommand) {
    const overwrites = command.expectedLast === undefined && !command.onlyKnown;
    return this.#transit(at, (stream, now) => decideReset(stream, command, now), overwrites);
  }

  read(at: StreamAddress) {
    return this.#transit(at, (stream, now) => ({ outcome: standingOf(stream, now) }));
  }

  async #transit<Outcome>(
    at: StreamAddress,
    decide: (stream: Stream | undefined, now: EpochMs) => StreamDecision<Outcome>,
    overwrites = false,
  ): Promise<Outcome> {
    const { streams, commit, clock } = this.#deps;
    const place = streamPlaceOf(at);
    const found = overwrites ? streams.readAnyhow(place) : streams.read(place);
    const { outcome, stream } = decide(found.stream, clock.now());
    const flush =
      stream === undefined ? found.awaited : commit.addStream({ id: place.id, stream }, [writeOf(place.id, stream)]);
    await flush?.done;
    return outcome;
  }
}
