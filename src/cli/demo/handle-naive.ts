import { access, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Count } from "./counts.ts";
import { type Handler, type Hands, runEffect } from "./handling.ts";
import type { Answer, Job } from "./messages.ts";

/** Marks of the ids that have been seen; shared by all clients, one file each. */
export interface Marks {
  has(event: string): Promise<boolean>;
  /** False if it was there already; atomic, as `SET NX` or a unique index is. */
  set(event: string): Promise<boolean>;
  all(): Promise<readonly string[]>;
}

export function marksIn(folder: string): Marks {
  return {
    has: (event) =>
      access(join(folder, event)).then(
        () => true,
        () => false,
      ),
    set: (event) =>
      open(join(folder, event), "wx").then(
        (file) => file.close().then(() => true),
        () => false,
      ),
    all: () => readdir(folder),
  };
}

/** Runs whatever comes. */
export const handleUnguarded: Handler = runAndAnswer;

/** Two clients may both look before either has marked; one that dies after the effect has marked nothing. */
export function lookFirst(marks: Marks): Handler {
  return async (job, hands) => {
    if (await marks.has(job.event)) return skip(hands);
    const answer = await runAndAnswer(job, hands);
    await marks.set(job.event);
    return answer;
  };
}

/** One that dies before the effect has marked what never happened: everybody else skips it. */
export function markFirst(marks: Marks): Handler {
  return async (job, hands) => ((await marks.set(job.event)) ? runAndAnswer(job, hands) : skip(hands));
}

/**
 * What is skipped for being older is lost, though nothing later says the same. And two clients may both look before
 * either has noted its number.
 */
export function skipOlder(marks: Marks): Handler {
  return async (job, hands) => {
    if (job.place === undefined) return { kind: "failed", why: "an event without a number" };
    const { stream, number } = job.place;
    const noted = (await marks.all()).map((mark) => mark.split("."));
    if (noted.some(([of, latest]) => of === stream && Number(latest) >= number)) return skip(hands, "skipped-older");
    await marks.set(`${stream}.${number}`);
    return runAndAnswer(job, hands);
  };
}

async function runAndAnswer(job: Job, hands: Hands): Promise<Answer> {
  const answer = await runEffect(job, hands);
  return { kind: "done", receipt: answer.kind === "done" ? answer.receipt : undefined };
}

function skip(hands: Hands, why: Count = "skipped"): Answer {
  hands.count(why);
  return { kind: "done", receipt: undefined };
}
