import { describe, expect, it } from "vitest";
import type { BeginOutcome } from "../../src/domain/begin.ts";
import { LEASE, result } from "../support/commands.ts";
import { reach, type Situation } from "../support/situations.ts";
import { bodyOf, narrow, subjectOf } from "../support/subject.ts";
import type { Harness } from "./harness.ts";

const CALLERS = 64;

/** Many callers at once. */
export function raceCases(on: () => Harness): void {
  describe("64 Begins at once", () => begins(on));
  describe("completions at once", () => completions(on));
  describe("calls that contradict each other at once", () => contradictions(on));
}

function tally(outcomes: readonly { readonly kind: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function callers<Outcome>(count: number, call: (n: number) => Promise<Outcome>): Promise<Outcome[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => call(n)));
}

function startedOf(outcomes: readonly BeginOutcome[]) {
  return outcomes.flatMap((outcome) => (outcome.kind === "started" ? [outcome] : []));
}

function begins(on: () => Harness): void {
  it("of one address start exactly one attempt", async () => {
    const subject = subjectOf(on());
    const outcomes = await callers(CALLERS, () => subject.begin());
    expect(tally(outcomes)).toEqual({ started: 1, in_progress: CALLERS - 1 });
    const [winner] = startedOf(outcomes);
    expect(await subject.read()).toMatchObject({ token: winner?.record.token, attempts: 1 });
  });

  it("of one attempt id start one attempt and give it to all of them", async () => {
    const subject = subjectOf(on());
    const started = startedOf(await callers(CALLERS, () => subject.begin({ attemptId: "same" })));
    expect(started).toHaveLength(CALLERS);
    expect(started.filter(({ resumed }) => !resumed)).toHaveLength(1);
    expect(new Set(started.map(({ record }) => record.token)).size).toBe(1);
  });

  it("start one, resume it for its own attempt id and turn the others away", async () => {
    const subject = subjectOf(on());
    const outcomes = await callers(30, (n) => subject.begin({ attemptId: `attempt-${n % 3}` }));
    const started = startedOf(outcomes);
    expect(tally(outcomes)).toEqual({ started: 10, in_progress: 20 });
    expect(new Set(started.map(({ record }) => record.attemptId)).size).toBe(1);
  });

  it.each(["with a lapsed lease", "released", "resolved to be retried", "forgotten", "lost", "expired"] as const)(
    "start exactly one attempt, with a higher token, the record being %s",
    async (situation: Situation) => {
      const subject = await reach(on(), situation);
      const outcomes = await callers(CALLERS, () => subject.begin());
      expect(tally(outcomes)).toEqual({ started: 1, in_progress: CALLERS - 1 });
      expect(startedOf(outcomes)[0]?.record.token).toBeGreaterThan(subject.token);
    },
  );

  it("of 10 000 addresses start exactly 10 000 attempts", { timeout: 120_000 }, async () => {
    const outcomes = await callers(10_000, () => subjectOf(on()).begin());
    expect(tally(outcomes)).toEqual({ started: 10_000 });
  });

  it("of 64 addresses by 64 callers each start one attempt an address", { timeout: 120_000 }, async () => {
    const subjects = Array.from({ length: CALLERS }, () => subjectOf(on()));
    const outcomes = await callers(CALLERS * CALLERS, (n) => (subjects[n % CALLERS] ?? subjectOf(on())).begin());
    expect(tally(outcomes)).toEqual({ started: CALLERS, in_progress: CALLERS * (CALLERS - 1) });
  });

  it("of one stream are given tokens that differ", async () => {
    const scope = { stream: `s-${on().nowUs()}`, namespace: "race" };
    const started = startedOf(await callers(CALLERS, () => subjectOf(on(), scope).begin()));
    expect(new Set(started.map(({ record }) => record.token)).size).toBe(CALLERS);
  });

  it("again and again hand out tokens that only rise", async () => {
    const subject = subjectOf(on());
    const tokens: bigint[] = [];
    for (let round = 0; round < 50; round++) {
      const started = startedOf(await callers(8, () => subject.begin()));
      expect(started).toHaveLength(1);
      const token = started[0]?.record.token ?? 0n;
      tokens.push(token);
      if (round % 3 === 0) await subject.release(token);
      else if (round % 3 === 1) await subject.fail(token, { jitter: 0 });
      else await on().advance(LEASE);
    }
    expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => (a < b ? -1 : 1)));
  });
}

function completions(on: () => Harness): void {
  it("with one result store it once and agree", async () => {
    const subject = await reach(on(), "with a live lease");
    const outcomes = await callers(2, () => subject.complete(subject.token));
    expect(tally(outcomes)).toEqual({ stored: 1, already_stored: 1 });
    expect(outcomes.find(({ kind }) => kind === "already_stored")).toMatchObject({ differs: false });
  });

  it("with two results store one, and the other is told that it differs", async () => {
    const subject = await reach(on(), "with a live lease");
    const one = subject.complete(subject.token, { result: result({ body: Buffer.from("one") }) });
    const two = subject.complete(subject.token, { kind: "failed", result: result({ body: Buffer.from("two") }) });
    const outcomes = [await one, await two];
    expect(tally(outcomes)).toEqual({ stored: 1, already_stored: 1 });
    const [stored] = outcomes.filter(({ kind }) => kind === "stored");
    const [other] = outcomes.filter(({ kind }) => kind === "already_stored");
    const body = bodyOf(narrow("replay", await subject.begin()));
    expect(stored?.kind === "stored" && bodyOf(stored)).toBe(body);
    expect(other?.kind === "already_stored" && bodyOf(other)).toBe(body);
    expect(other).toMatchObject({ differs: true });
  });

  it("that differ, a thousand of them after the first, change nothing", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.finish(subject.token, { result: result({ body: Buffer.from("first") }) });
    const before = await subject.snapshot();
    const outcomes = await callers(1000, (n) => {
      const kind = n % 2 === 0 ? "succeeded" : "failed";
      return subject.complete(subject.token, { kind, result: result({ body: Buffer.from(`second ${n}`) }) });
    });
    expect(tally(outcomes)).toEqual({ already_stored: 1000 });
    expect(outcomes.every((outcome) => outcome.kind === "already_stored" && outcome.differs)).toBe(true);
    expect(await subject.snapshot()).toEqual(before);
  });

  it("that differ, a thousand of them and none before, store one, which all are shown", async () => {
    const subject = await reach(on(), "with a live lease");
    const outcomes = await callers(1000, (n) =>
      subject.complete(subject.token, { result: result({ body: Buffer.from(`result ${n}`) }) }),
    );
    expect(tally(outcomes)).toEqual({ stored: 1, already_stored: 999 });
    const bodies = outcomes.flatMap((outcome) => ("record" in outcome ? [bodyOf(outcome)] : []));
    expect(new Set(bodies)).toEqual(new Set([bodyOf(narrow("replay", await subject.begin()))]));
  });
}

function contradictions(on: () => Harness): void {
  it("end either as finished or as taken over: a late completion and a takeover", async () => {
    for (let round = 0; round < 20; round++) {
      const subject = await reach(on(), "with a lapsed lease");
      const calls = [() => subject.complete(subject.token), () => subject.begin()] as const;
      const [first, second] = round % 2 === 0 ? calls : ([calls[1], calls[0]] as const);
      const kinds = (await Promise.all([first(), second()])).map(({ kind }) => kind).sort();
      expect([["replay", "stored"].join(), ["fenced", "started"].join()]).toContain(kinds.join());
    }
  });

  it("end either as renewed or as taken over: a late renewal and a takeover", async () => {
    for (let round = 0; round < 20; round++) {
      const subject = await reach(on(), "with a lapsed lease");
      const calls = [() => subject.renew(subject.token), () => subject.begin()] as const;
      const [first, second] = round % 2 === 0 ? calls : ([calls[1], calls[0]] as const);
      const kinds = (await Promise.all([first(), second()])).map(({ kind }) => kind).sort();
      expect([["in_progress", "renewed"].join(), ["fenced", "started"].join()]).toContain(kinds.join());
    }
  });

  it("end either as stored or as fenced: a completion and a forget", async () => {
    for (let round = 0; round < 20; round++) {
      const subject = await reach(on(), "with a live lease");
      const calls = [() => subject.complete(subject.token), () => subject.forget()] as const;
      const [first, second] = round % 2 === 0 ? calls : ([calls[1], calls[0]] as const);
      const kinds = (await Promise.all([first(), second()])).map(({ kind }) => kind).sort();
      expect([["forgotten", "stored"].join(), ["fenced", "forgotten"].join()]).toContain(kinds.join());
      expect(await subject.state()).toBe("absent");
    }
  });

  it("resolve once: an operator and the executor that comes back", async () => {
    for (let round = 0; round < 20; round++) {
      const subject = await reach(on(), "dead-lettered after a lapse");
      const calls = [
        () => subject.complete(subject.token),
        () => subject.resolve({ resolution: "failed", reason: "given up" }),
      ] as const;
      const [first, second] = round % 2 === 0 ? calls : ([calls[1], calls[0]] as const);
      const kinds = (await Promise.all([first(), second()])).map(({ kind }) => kind).sort();
      const state = await subject.state();
      expect(kinds).toEqual(state === "failed" ? ["already_stored", "resolved"] : ["finished", "stored"]);
    }
  });
}
