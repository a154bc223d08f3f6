import { describe, expect, it } from "vitest";
import { durationMs } from "../../src/base/units.ts";
import { DAY, freshNamespace, HOUR, LEASE, MINUTE, RETENTION, SECOND } from "../support/commands.ts";
import { reach } from "../support/situations.ts";
import { narrow, type Subject, subjectOf } from "../support/subject.ts";
import type { Harness } from "./harness.ts";

/** Tokens rise whatever happens; wrong clocks alone break nothing. */
export function clockCases(on: () => Harness): void {
  describe("the tokens of an address", () => tokens(on));
  describe("a clock that is set back", () => back(on));
  describe("a clock that jumps forward", () => forward(on));
}

/** Runs `act` with the clock set back by `ms`, and sets it forward again by as much. */
async function setBack(on: Harness, ms: number, act: () => Promise<void>): Promise<void> {
  await on.advance(-ms);
  try {
    await act();
  } finally {
    await on.advance(ms);
  }
}

async function tokenOf(subject: Subject): Promise<bigint> {
  return (await subject.start()).record.token;
}

/** Each makes the address ready for another start. */
const ENDINGS: Readonly<Record<string, (subject: Subject, token: bigint, on: Harness) => Promise<unknown>>> = {
  "a release": (subject, token) => subject.release(token),
  "a retryable failure": (subject, token) => subject.fail(token, { jitter: 0 }),
  "a lapse": (_subject, _token, on) => on.advance(LEASE),
  "a forget": (subject) => subject.forget(),
  "a forget whose fence is over": async (subject, _token, on) => {
    await subject.forget(MINUTE);
    await on.advance(MINUTE);
  },
  "a loss": (subject) => subject.lose(),
  "an expiry": (_subject, _token, on) => on.advance(LEASE + RETENTION.unfinished),
  "a tombstone's end": async (subject, token, on) => {
    await subject.finish(token);
    await on.advance(RETENTION.tombstone);
  },
  "an operator's retry": async (subject, _token, on) => {
    await on.advance(LEASE);
    await subject.resolve({ resolution: "retry" });
  },
  "a restoration that is forgotten": async (subject, token) => {
    await subject.lose();
    await subject.finish(token);
    await subject.forget();
  },
};
const ENDING_NAMES = Object.keys(ENDINGS);

function tokens(on: () => Harness): void {
  const end = async (how: string, subject: Subject, token: bigint) => ENDINGS[how]?.(subject, token, on());

  it("are the store's time in microseconds, where that is above the last one", async () => {
    const nowUs = BigInt(on().nowUs());
    expect(await tokenOf(subjectOf(on()))).toBe(nowUs);
  });

  it.each(ENDING_NAMES)("rise over %s within one instant of the clock", async (how) => {
    const subject = subjectOf(on());
    const first = await tokenOf(subject);
    await end(how, subject, first);
    const second = await tokenOf(subject);
    expect(second).toBeGreaterThan(first);
    await end(how, subject, second);
    expect(await tokenOf(subject)).toBeGreaterThan(second);
  });

  it.each(ENDING_NAMES)("rise over %s with the clock set back by a day", async (how) => {
    const subject = subjectOf(on());
    await on().advance(DAY);
    const first = await tokenOf(subject);
    await end(how, subject, first);
    await setBack(on(), DAY, async () => {
      // What ends by the passing of time does not pass while the clock is back: the record is not there to start from.
      const outcome = await subject.begin();
      if (outcome.kind === "started") expect(outcome.record.token).toBeGreaterThan(first);
      else expect(["in_progress", "replay"]).toContain(outcome.kind);
    });
    await on().advance(LEASE + RETENTION.unfinished);
    expect(await tokenOf(subject)).toBeGreaterThan(first);
  });

  it("rise through a whole life of an address, whatever the clock does", async () => {
    const subject = subjectOf(on(), { stream: freshNamespace() });
    const seen: bigint[] = [];
    const steps = [0, HOUR, -HOUR, 5, -5, 2 * DAY, -DAY, 1, -DAY, 0, 3 * DAY];
    for (const [n, how] of [...ENDING_NAMES, ...ENDING_NAMES].entries()) {
      const outcome = await subject.begin();
      if (outcome.kind === "started") {
        seen.push(outcome.record.token);
        await end(how, subject, outcome.record.token);
      }
      await on().advance(steps[n % steps.length] ?? 0);
    }
    await on().advance(5 * DAY); // ahead of every token again
    expect(seen.length).toBeGreaterThan(10);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => (a < b ? -1 : 1)));
  });
}

function back(on: () => Harness): void {
  it("revives no lease that was taken over, and keeps the zombie fenced", async () => {
    const subject = await reach(on(), "with a lapsed lease");
    const second = await subject.start();
    await setBack(on(), HOUR, async () => {
      expect((await subject.renew(subject.token)).kind).toBe("fenced");
      expect((await subject.complete(subject.token)).kind).toBe("fenced");
      expect((await subject.begin()).kind).toBe("in_progress");
      expect(await subject.finish(second.record.token)).toMatchObject({ late: false });
    });
    expect(await subject.state()).toBe("succeeded");
  });

  it("leaves a live lease live, with no more left than it had", async () => {
    const subject = await reach(on(), "with a live lease", { attemptId: "mine" });
    await setBack(on(), HOUR, async () => {
      const outcome = narrow("in_progress", await subject.begin());
      expect(outcome.record.leaseUntil - outcome.now).toBe(LEASE);
      expect(await subject.start({ attemptId: "mine" })).toMatchObject({ resumed: true });
      expect(await subject.renew(subject.token)).toEqual({ kind: "renewed", leaseLeft: LEASE });
    });
    await on().advance(LEASE);
    expect(await subject.state()).toBe("unknown");
  });

  it("freezes no lease but those that were changed later: others of the same slot lapse in their time", async () => {
    const scope = { namespace: freshNamespace(), stream: "s" };
    const [late, other] = [subjectOf(on(), scope), subjectOf(on(), scope)];
    await late.start();
    await setBack(on(), HOUR, async () => {
      const first = await tokenOf(other);
      await on().advance(LEASE);
      const second = await other.start();
      expect(second).toMatchObject({ takeover: true });
      expect(second.record.token).toBeGreaterThan(first);
      expect((await late.begin()).kind).toBe("in_progress");
    });
  });

  it("shortens no back-off that was promised", async () => {
    const subject = await reach(on(), "with a live lease");
    await subject.fail(subject.token, { retryAfter: 10 * SECOND });
    await setBack(on(), HOUR, async () => {
      const outcome = narrow("backing_off", await subject.begin());
      expect(outcome.record.retryAt - outcome.now).toBe(10 * SECOND);
    });
    await on().advance(10 * SECOND);
    expect((await subject.begin()).kind).toBe("started");
  });

  it("makes no instant of a record go backward", async () => {
    const subject = await reach(on(), "with a live lease");
    const before = await subject.read();
    await setBack(on(), HOUR, async () => {
      await subject.checkpoint(subject.token, { name: "sent" });
      await subject.fail(subject.token, { jitter: 0 });
      const second = await subject.start();
      const done = await subject.finish(second.record.token);
      expect(done.record).toMatchObject({ createdAt: before.createdAt, finishedAt: before.updatedAt });
      expect(done.record.updatedAt).toBeGreaterThanOrEqual(before.updatedAt);
      expect(done.record.expiresAt).toBe(before.updatedAt + RETENTION.tombstone);
    });
  });

  it("lets a finished record and a forgotten one stay what they are", async () => {
    const [done, forgotten] = [await reach(on(), "succeeded"), await reach(on(), "forgotten")];
    await setBack(on(), HOUR, async () => {
      expect((await done.begin()).kind).toBe("replay");
      expect((await done.complete(done.token)).kind).toBe("already_stored");
      expect((await forgotten.renew(forgotten.token)).kind).toBe("fenced");
      expect((await forgotten.complete(forgotten.token)).kind).toBe("fenced");
      expect(await tokenOf(forgotten)).toBeGreaterThan(forgotten.token);
    });
  });

  it("still restores a lost completion whose token is ahead of the clock, for the slot has minted it", async () => {
    const subject = subjectOf(on());
    const token = await tokenOf(subject);
    await subject.lose();
    await setBack(on(), 2 * RETENTION.result, async () => {
      expect((await subject.complete(token + 1n)).kind).toBe("not_found");
      expect(await subject.finish(token)).toMatchObject({ restored: true });
      expect((await subject.begin()).kind).toBe("replay");
    });
  });

  it("hides no record from the list", async () => {
    const namespace = freshNamespace();
    const subject = subjectOf(on(), { namespace });
    await subject.start();
    await setBack(on(), HOUR, async () => {
      const query = { namespace, states: new Set(["in_progress"] as const), olderThan: durationMs(0) };
      const page = await on().store.list({ ...query, limit: 10, cursor: "" });
      expect(page.records.map(({ record }) => record.address)).toEqual([subject.at]);
    });
  });
}

function forward(on: () => Harness): void {
  it("lapses leases and ends back-offs and retentions by its length, and no more", async () => {
    const [running, failing, done] = [
      await reach(on(), "with a live lease"),
      await reach(on(), "with a live lease"),
      await reach(on(), "succeeded"),
    ];
    await failing.fail(failing.token, { retryAfter: 2 * HOUR });
    await on().advance(HOUR);
    expect(await running.state()).toBe("unknown");
    expect((await failing.begin()).kind).toBe("backing_off");
    expect((await done.begin()).kind).toBe("replay");
    await on().advance(HOUR);
    expect((await failing.begin()).kind).toBe("started");
    expect(await running.renew(running.token)).toEqual({ kind: "renewed", leaseLeft: 0 });
    expect(await running.renew(running.token, { leaseTotal: DAY })).toEqual({ kind: "renewed", leaseLeft: LEASE });
  });
}
