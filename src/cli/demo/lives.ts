import type { FaultName } from "./faults.ts";
import type { Payload } from "./payloads.ts";

/** What happens to one issue or pull request, from its beginning to its end. Number 1 comes first. */
export interface Life {
  /** What people call it. */
  readonly title: string;
  /** First part of its stream's name. */
  readonly slug: string;
  /** Names of its events; one that stands there twice is another payload the second time. */
  readonly events: readonly string[];
  /**
   * Numbers whose deliveries reach no worker before all others were answered once, as after an outage on their way.
   * The first says what a later number takes back: applied as it comes, it stays. The second is the only one that says
   * what it says: skipped for being older, it is lost. So both ways without a sidecar end wrong in any shuffle.
   */
  readonly late: readonly [takenBack: number, onlyOne: number];
  /** A worker is killed with this number in its hands. */
  readonly killed: { readonly number: number; readonly fault: FaultName };
}

/** Whose issues these are; the payloads of most events come from here. */
export const REPOSITORY = "Codertocat/Hello-World";

/** The payloads are examples and say little about when; put in this order they make sense. */
export const LIVES: readonly Life[] = [
  {
    title: "issue #1",
    slug: "issue-1",
    events: [
      "issues.opened",
      "issues.labeled",
      "issues.assigned",
      "issues.pinned",
      "issues.locked",
      "issues.unlocked",
      "issues.unassigned",
      "issues.unlabeled",
      "issues.labeled",
      "issues.edited",
      "issues.assigned",
      "issues.unpinned",
      "issues.locked",
      "issues.deleted",
    ],
    late: [8, 12],
    killed: { number: 6, fault: "killed-before" },
  },
  {
    title: "pull request #2",
    slug: "pull-request-2",
    events: [
      "pull_request.opened",
      "pull_request.assigned",
      "pull_request.labeled",
      "pull_request.converted_to_draft",
      "pull_request.locked",
      "pull_request.unlocked",
      "pull_request.ready_for_review",
      "pull_request.unlabeled",
      "pull_request.closed",
      "pull_request.reopened",
      "pull_request.labeled",
      "pull_request.unassigned",
      "pull_request.converted_to_draft",
      "pull_request.ready_for_review",
      "pull_request.assigned",
      "pull_request.closed",
    ],
    late: [10, 6],
    killed: { number: 8, fault: "killed-after" },
  },
];

export interface LifeEvent {
  readonly life: Life;
  /** Its place in the life, from 1: what the sender's outbox gave it. */
  readonly number: number;
  /** Which of the payloads it is. */
  readonly payload: number;
}

/** The events of all lives, each with its payload. @throws when there are too few payloads of a name. */
export function lifeEvents(payloads: readonly Payload[], lives: readonly Life[] = LIVES): LifeEvent[] {
  const left = new Map<string, number[]>();
  for (const [index, { name, about }] of payloads.entries()) {
    if (about === REPOSITORY) left.set(name, [...(left.get(name) ?? []), index]);
  }
  return lives.flatMap((life) =>
    life.events.map((name, before) => {
      const payload = left.get(name)?.shift();
      if (payload === undefined) throw new Error(`no payload ${name} left of ${REPOSITORY}`);
      return { life, number: before + 1, payload };
    }),
  );
}
