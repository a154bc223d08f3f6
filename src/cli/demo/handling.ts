import { pause } from "../../base/wait.ts";
import type { Count } from "./counts.ts";
import type { Point, Strike } from "./faults.ts";
import { lineOf } from "./ledger.ts";
import type { Answer, Job } from "./messages.ts";
import { digestOf } from "./payloads.ts";
import type { TargetAnswer } from "./target.ts";
import type { TargetClient } from "./target-client.ts";
import { SLOW_EFFECT_MS } from "./timing.ts";

/** What handling one delivery works with. */
export interface Hands {
  readonly target: TargetClient;
  /** Stops where the plan says so, and learns what strikes there. */
  at(point: Point): Promise<Strike | undefined>;
  count(what: Count): void;
}

/** Handles one delivery; what it throws, the sender hears as a failure. */
export type Handler = (job: Job, hands: Hands) => Promise<Answer>;

/** A call was made, and carried out, and its answer never arrived. */
export class ReplyLost extends Error {}

/**
 * The effect: one line in the file. The same for every approach; `token` is the sidecar's.
 * @throws {ReplyLost} when nobody can tell whether the line was written.
 */
export async function runEffect(job: Job, hands: Hands, token?: string): Promise<TargetAnswer> {
  if ((await hands.at("before-effect")) === "slow") await pause(SLOW_EFFECT_MS);
  const { event, name, about } = job;
  const line = lineOf({ event, name, about, digest: digestOf(job.body), token: token ?? "-", pid: process.pid });
  const answer = await hands.target.ask({ op: "append", event, line, ...(token !== undefined && { token }) });
  if (answer.kind === "refused") {
    hands.count("refused-by-target");
    return answer;
  }
  hands.count("appended");
  if ((await hands.at("effect-done")) === "lose-reply") throw new ReplyLost("the ledger did not answer");
  return answer;
}
