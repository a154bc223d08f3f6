/** One line of the file of effects: one append that really happened. */
export interface Effect {
  readonly event: string;
  readonly name: string;
  readonly about: string;
  readonly digest: string;
  /** Fencing token it came with; `-` without a sidecar. */
  readonly token: string;
  /** Process that sent it. */
  readonly pid: number;
}

/** What a file of effects holds, compared with the events that were sent. */
export interface LedgerCount {
  readonly effects: number;
  readonly once: number;
  readonly moreThanOnce: number;
  readonly never: number;
  /** Lines that carry a payload other than the one the event was sent with first. */
  readonly changedPayload: number;
  /** Lines of no event of this run, and lines that cannot be read. */
  readonly strange: number;
  /** Number of the first line of each event, counted from 1: its receipt. */
  readonly receipts: ReadonlyMap<string, number>;
}

const LINE = /^([\w-]+) (\S+) (\S+) ([0-9a-f]+) (-|\d+) (\d+)$/;

export function lineOf(effect: Effect): string {
  const { event, name, about, digest, token, pid } = effect;
  return `${event} ${name} ${about} ${digest} ${token} ${pid}\n`;
}

/** Undefined for what no {@link lineOf} has written. */
export function readLine(line: string): Effect | undefined {
  const match = LINE.exec(line);
  if (match === null) return undefined;
  const [, event = "", name = "", about = "", digest = "", token = "", pid = ""] = match;
  return { event, name, about, digest, token, pid: Number(pid) };
}

/** Counts from the file's text alone. A last line without its line break was cut off, and counts as strange. */
export function countEffects(text: string, sent: readonly { id: string; digest: string }[]): LedgerCount {
  const times = new Map(sent.map(({ id }) => [id, 0]));
  const digests = new Map(sent.map(({ id, digest }) => [id, digest]));
  const receipts = new Map<string, number>();
  const lines = text.split("\n");
  let strange = lines.pop() === "" ? 0 : 1;
  let changedPayload = 0;
  for (const [index, line] of lines.entries()) {
    const effect = readLine(line);
    const before = effect === undefined ? undefined : times.get(effect.event);
    if (effect === undefined || before === undefined) {
      strange += 1;
      continue;
    }
    times.set(effect.event, before + 1);
    if (before === 0) receipts.set(effect.event, index + 1);
    if (digests.get(effect.event) !== effect.digest) changedPayload += 1;
  }
  const counts = [...times.values()];
  return {
    effects: lines.length,
    once: counts.filter((count) => count === 1).length,
    moreThanOnce: counts.filter((count) => count > 1).length,
    never: counts.filter((count) => count === 0).length,
    changedPayload,
    strange,
    receipts,
  };
}
