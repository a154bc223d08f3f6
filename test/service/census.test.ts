import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { type Census, CensusTaker } from "../../src/service/census.ts";
import { silentLogger } from "../../src/telemetry/logger.ts";
import { freshNamespace, LEASE, MINUTE } from "../support/commands.ts";
import { breakable, unavailable } from "../support/interposed.ts";
import { openReference } from "../support/reference-store.ts";
import { subjectOf } from "../support/subject.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => vi.useRealTimers());

/** A census taker over a store that can be broken, and the namespaces it is to count. */
async function taking(...namespaces: readonly string[]) {
  const harness = await openReference();
  const { store, broken } = breakable(harness.store);
  const names = [...namespaces];
  const census = new CensusTaker({ store, clock: systemClock, logger: silentLogger, namespaces: () => names });
  return { harness, broken, census, names };
}

const records = (census: Census | undefined) =>
  Object.fromEntries([...(census?.counted ?? [])].map(([state, counted]) => [state, counted.records]));

describe("the census", () => {
  it("counts the unfinished records of a namespace by what callers see of them, and nothing else", async () => {
    const [namespace, another] = [freshNamespace(), freshNamespace()];
    const { harness, census } = await taking(namespace);
    const begun = async (parts = {}) => {
      const subject = subjectOf(harness, { namespace, ...parts });
      return { subject, token: (await subject.start()).record.token };
    };
    await begun();
    await begun();
    await harness.advance(LEASE);
    await begun();
    const retried = await begun();
    await retried.subject.fail(retried.token);
    const dead = await begun();
    await dead.subject.fail(dead.token);
    await dead.subject.begin({ maxAttempts: 1 });
    const finished = await begun();
    await finished.subject.finish(finished.token);
    await begun({ namespace: another });

    census.start();
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(records(census.latest(namespace))).toEqual({
      unknown: 2,
      in_progress: 1,
      retryable: 1,
      dead_lettered: 1,
    });
    expect(census.latest(another)).toBeUndefined();
    await census.close();
  });

  it("counts every page of a large namespace, and is taken again and again", async () => {
    const namespace = freshNamespace();
    const { harness, census } = await taking(namespace);
    const begin = (count: number) =>
      Promise.all(Array.from({ length: count }, () => subjectOf(harness, { namespace }).start()));
    await begin(450);
    census.start();
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(census.latest(namespace)?.counted.get("in_progress")?.records).toBe(450);
    await begin(50);
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(census.latest(namespace)?.counted.get("in_progress")?.records).toBe(500);
    await census.close();
  });

  it("takes in namespaces that are used later", async () => {
    const namespace = freshNamespace();
    const { harness, census, names } = await taking();
    census.start();
    await vi.advanceTimersByTimeAsync(MINUTE);
    await subjectOf(harness, { namespace }).start();
    names.push(namespace);
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(census.latest(namespace)?.counted.get("in_progress")?.records).toBe(1);
    await census.close();
  });

  it("keeps the count before when the store fails, and goes on by itself", async () => {
    const namespace = freshNamespace();
    const { harness, broken, census } = await taking(namespace);
    await subjectOf(harness, { namespace }).start();
    census.start();
    await vi.advanceTimersByTimeAsync(MINUTE);
    broken.fault = unavailable();
    await subjectOf(harness, { namespace }).start();
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(census.latest(namespace)?.counted.get("in_progress")?.records).toBe(1);
    broken.fault = undefined;
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(census.latest(namespace)?.counted.get("in_progress")?.records).toBe(2);
    await census.close();
  });

  it("ends at once when it is closed, also in the middle and twice", async () => {
    const { census } = await taking(freshNamespace());
    census.start();
    await Promise.all([census.close(), census.close()]);
    const never = await taking(freshNamespace());
    await never.census.close();
  });
});
