import { describe, expect, it } from "vitest";
import { traceOf } from "../../src/inject/trace.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

describe("a traceparent", () => {
  it.each([`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-00`, `cc-${TRACE}-${SPAN}-01-of-a-later-version`])(
    "names the trace and the span: %s",
    (header) => {
      expect(traceOf(header)).toEqual({ trace_id: TRACE, span_id: SPAN });
    },
  );

  it.each([
    undefined,
    "",
    `ff-${TRACE}-${SPAN}-01`,
    `00-${"0".repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}${SPAN}-01`,
  ])("that is not well formed is ignored: %s", (header) => {
    expect(traceOf(header)).toBeUndefined();
  });
});
