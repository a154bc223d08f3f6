import { FAULTS, type FaultName } from "./faults.ts";
import type { SentEvent } from "./payloads.ts";
import type { Plan } from "./plan.ts";

interface Step {
  /** `#pid` of a client; empty for the sender and the operator. */
  readonly who: string;
  readonly words: string[];
}

/** Of the ids, as much as tells them apart for the eye. */
const ID_SHOWN = 8;

/** Collects what happens to each event, and tells the story of the first of each kind of fault. */
export class Stories {
  readonly #plan: Plan;
  readonly #events: readonly SentEvent[];
  readonly #steps = new Map<number, Step[]>();
  readonly #told = new Set<FaultName>();

  constructor(plan: Plan, events: readonly SentEvent[]) {
    this.#plan = plan;
    this.#events = events;
  }

  step(event: number, pid: number | undefined, word: string): void {
    const who = pid === undefined ? "" : `#${pid}`;
    const steps = this.#steps.get(event) ?? [];
    this.#steps.set(event, steps);
    const last = steps.at(-1);
    if (last !== undefined && last.who === who) last.words.push(word);
    else steps.push({ who, words: [word] });
  }

  /** The event's story, in one line; undefined when its kind has been told, or it has none. */
  tell(event: number): { readonly title: string; readonly text: string } | undefined {
    const fault = this.#plan.events[event]?.fault;
    const sent = this.#events[event];
    const steps = this.#steps.get(event) ?? [];
    this.#steps.delete(event);
    if (fault === undefined || sent === undefined || this.#told.has(fault)) return undefined;
    this.#told.add(fault);
    const parts = steps.map(({ who, words }) => `${who} ${counted(words)}`.trim());
    const { place, payload, id } = sent;
    const which = place === undefined ? ` ${id.slice(0, ID_SHOWN)}` : `, number ${place.number} of ${place.title}`;
    return { title: FAULTS[fault].label, text: `${payload.name}${which}: ${parts.join(" → ")}` };
  }
}

/** `a, a, b` as `a ×2, b`. */
function counted(words: readonly string[]): string {
  const runs: { word: string; times: number }[] = [];
  for (const word of words) {
    const last = runs.at(-1);
    if (last?.word === word) last.times += 1;
    else runs.push({ word, times: 1 });
  }
  return runs.map(({ word, times }) => (times === 1 ? word : `${word} ×${times}`)).join(", ");
}
