import { EXIT, type ExitCode } from "./exit.ts";
import { printable } from "./format.ts";
import { paint, type Tone } from "./output.ts";

/** What an outcome means to whoever asked. */
interface Verdict {
  readonly exit: ExitCode;
  readonly tone: Tone;
  readonly meaning: string;
}

/** A verdict for every outcome that a server may answer; a new one does not compile until it has one. */
export type Verdicts<Outcome extends string> = Readonly<Record<Exclude<Outcome, "OUTCOME_UNSPECIFIED">, Verdict>>;

export function yes(meaning: string): Verdict {
  return { exit: EXIT.done, tone: "good", meaning };
}

export function no(meaning: string, tone: Tone = "bad"): Verdict {
  return { exit: EXIT.no, tone, meaning };
}

/** An outcome that a newer server may know is a no: the caller cannot know what it permits. */
export function verdictOf<Outcome extends string>(verdicts: Verdicts<Outcome>, outcome: Outcome): Verdict {
  const known: Readonly<Record<string, Verdict>> = verdicts;
  return known[outcome] ?? no("an outcome that this version does not know: do nothing on the strength of it");
}

export function headline(outcome: string, { tone, meaning }: Verdict): string {
  return `${paint(tone, printable(outcome))}: ${meaning}`;
}

/** For a command's help: which outcomes exit with 0; all others exit with 1. */
export function exitHelp(verdicts: Readonly<Record<string, Verdict>>): string {
  const good = Object.keys(verdicts).filter((outcome) => verdicts[outcome]?.exit === EXIT.done);
  return `\nExit status: 0 for ${good.join(" and ")}, 1 for any other outcome.`;
}
