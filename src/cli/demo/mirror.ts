import { readLine } from "./ledger.ts";
import type { PlacedEvent } from "./order-plan.ts";

/**
 * What a ticket system knows about the issues it mirrors: a line for every field, such as `issue #1`, its state, or
 * `label "bug" of issue #1`. A field that no event has said anything about is not there.
 */
export type Mirror = ReadonlyMap<string, string>;

/** What a file of effects says about the order in which the events were applied. */
export interface MirrorCheck {
  /** Effects that came after an effect with a higher number of the same issue. */
  readonly overtaken: number;
  /** Effects whose token is not above all tokens before it of the same issue; those without one do not count. */
  readonly tokensNotRisen: number;
  /** How many fields there should be. */
  readonly fields: number;
  /** A sentence for each field that does not read as it should. */
  readonly wrong: readonly string[];
}

/** The members of the payloads that say what an action has changed. */
interface Body {
  readonly action: string;
  readonly label?: { readonly name: string };
  readonly assignee?: { readonly login: string } | null;
  readonly issue?: { readonly title: string };
}

type Change = (title: string, body: Body) => readonly [field: string, value: string];

const detail = (what: string, title: string) => `${what} of ${title}`;
const isDetail = (field: string) => field.includes(" of ");
const label = (title: string, body: Body) => detail(`label "${body.label?.name}"`, title);
const assignee = (title: string, body: Body) => detail(`assignee ${body.assignee?.login}`, title);

/** Each action changes one field. */
const CHANGES: Readonly<Record<string, Change>> = {
  opened: (title) => [title, "open"],
  closed: (title) => [title, "closed"],
  reopened: (title) => [title, "open"],
  deleted: (title) => [title, "deleted"],
  edited: (title, { issue }) => [detail("title", title), `"${issue?.title}"`],
  labeled: (title, body) => [label(title, body), "set"],
  unlabeled: (title, body) => [label(title, body), "not set"],
  assigned: (title, body) => [assignee(title, body), "set"],
  unassigned: (title, body) => [assignee(title, body), "not set"],
  locked: (title) => [detail("lock", title), "locked"],
  unlocked: (title) => [detail("lock", title), "unlocked"],
  pinned: (title) => [detail("pin", title), "pinned"],
  unpinned: (title) => [detail("pin", title), "unpinned"],
  converted_to_draft: (title) => [detail("stage", title), "draft"],
  ready_for_review: (title) => [detail("stage", title), "ready"],
};

/** The mirror after these events, applied in the order given. */
export function mirrorOf(events: readonly PlacedEvent[]): Mirror {
  return new Map(
    events.map(({ place, payload }) => {
      const body: Body = JSON.parse(payload.body);
      const change = CHANGES[body.action];
      if (change === undefined) throw new Error(`nobody knows what ${payload.name} changes`);
      return change(place.title, body);
    }),
  );
}

/** A sentence for each field that reads otherwise than it should; the issues themselves come first. */
export function wrongFields(mirror: Mirror, right: Mirror): string[] {
  const fields = [...new Set([...right.keys(), ...mirror.keys()])];
  return fields
    .sort((a, b) => Number(isDetail(a)) - Number(isDetail(b)))
    .filter((field) => mirror.get(field) !== right.get(field))
    .map((field) => `${field} reads ${mirror.get(field) ?? "nothing"}, should be ${right.get(field) ?? "nothing"}`);
}

/** Reads the file's text alone: what was applied is what stands in it, in its order. */
export function checkMirror(text: string, events: readonly PlacedEvent[]): MirrorCheck {
  const byId = new Map(events.map((event) => [event.id, event]));
  const highest = new Map<string, { number: number; token: bigint }>();
  const applied: PlacedEvent[] = [];
  let overtaken = 0;
  let tokensNotRisen = 0;
  for (const line of text.split("\n")) {
    const effect = readLine(line);
    const event = effect && byId.get(effect.event);
    if (event === undefined) continue;
    applied.push(event);
    const { stream, number } = event.place;
    const token = effect?.token === "-" ? 0n : BigInt(effect?.token ?? 0);
    const before = highest.get(stream) ?? { number: 0, token: 0n };
    if (number < before.number) overtaken += 1;
    if (token > 0n && token <= before.token) tokensNotRisen += 1;
    highest.set(stream, {
      number: Math.max(number, before.number),
      token: token > before.token ? token : before.token,
    });
  }
  const right = mirrorOf(events);
  return { overtaken, tokensNotRisen, fields: right.size, wrong: wrongFields(mirrorOf(applied), right) };
}
