import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { SECOND } from "../support/commands.ts";
import { addressCases } from "./address.cases.ts";
import { attemptCases } from "./attempt.cases.ts";
import { beginCases } from "./begin.cases.ts";
import { checkpointCases } from "./checkpoint.cases.ts";
import { clockCases } from "./clock.cases.ts";
import { completeCases } from "./complete.cases.ts";
import { forgetCases } from "./forget.cases.ts";
import type { Harness, OpenHarness } from "./harness.ts";
import { lapseCases } from "./lapse.cases.ts";
import { listCases } from "./list.cases.ts";
import { lossCases } from "./loss.cases.ts";
import { orderingCases } from "./ordering.cases.ts";
import { orderingAttemptCases } from "./ordering-attempt.cases.ts";
import { orderingRaceCases } from "./ordering-race.cases.ts";
import { raceCases } from "./race.cases.ts";
import { resolveCases } from "./resolve.cases.ts";
import { retentionCases } from "./retention.cases.ts";
import { sequenceCases } from "./sequence.cases.ts";
import { watchCases } from "./watch.cases.ts";

/**
 * What every store must show. One store serves all cases: each takes a fresh address and looks at times relative to its
 * own, so that they can be run in any order. A case that sets the clock back sets it forward again.
 */
export function conformance(name: string, open: OpenHarness): void {
  describe(`the ${name} store`, () => {
    let harness: Harness | undefined;
    const on = (): Harness => {
      if (harness === undefined) throw new Error("the store is not open");
      return harness;
    };
    beforeAll(async () => {
      harness = await open();
    });
    // Tokens minted in one instant run ahead of the clock by 1 µs each: each case begins with the clock ahead of them.
    beforeEach(() => on().advance(SECOND));
    afterAll(async () => harness?.close());

    beginCases(on);
    lapseCases(on);
    completeCases(on);
    attemptCases(on);
    checkpointCases(on);
    resolveCases(on);
    forgetCases(on);
    listCases(on);
    addressCases(on);
    retentionCases(on);
    clockCases(on);
    lossCases(on);
    watchCases(on);
    orderingCases(on);
    orderingAttemptCases(on);
    sequenceCases(on);
    orderingRaceCases(on);
    raceCases(on);
  });
}
