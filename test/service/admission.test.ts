import { describe, expect, it } from "vitest";
import { OncewardError } from "../../src/base/errors.ts";
import { Admission, type CallClass } from "../../src/service/admission.ts";

/** How many calls of that kind are let in before one is turned away. */
function letIn(admission: Admission, kind: CallClass): number {
  for (let count = 0; ; count++) {
    try {
      admission.enter(kind);
    } catch (error) {
      if (error instanceof OncewardError && error.code === "OVERLOADED") return count;
      throw error;
    }
  }
}

describe("admission", () => {
  it.each([
    [4096, 3584, 512],
    [8, 7, 1],
    [10, 8, 2],
    [1000, 875, 125],
  ])("of %i places lets %i ordinary calls in, and keeps %i for those that end something", (max, ordinary, reserved) => {
    const admission = new Admission(max);
    expect(admission.reserved).toBe(reserved);
    expect(letIn(admission, "ordinary")).toBe(ordinary);
    expect(letIn(admission, "ending")).toBe(reserved);
    expect(admission.inFlight).toBe(max);
  });

  it("lets ending calls take any place, and then turns ordinary ones away", () => {
    const admission = new Admission(16);
    expect(letIn(admission, "ending")).toBe(16);
    expect(letIn(admission, "ordinary")).toBe(0);
  });

  it("gives a place to the next one when it is given back", () => {
    const admission = new Admission(8);
    letIn(admission, "ordinary");
    admission.leave();
    expect(letIn(admission, "ordinary")).toBe(1);
  });

  it("tells who is turned away when to call again", () => {
    const admission = new Admission(8);
    letIn(admission, "ending");
    expect(() => admission.enter("ending")).toThrow(expect.objectContaining({ code: "OVERLOADED", retryAfterMs: 100 }));
  });
});
