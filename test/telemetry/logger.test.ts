import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { openLogger } from "../../src/telemetry/logger.ts";
import { prettyLine } from "../../src/telemetry/pretty.ts";
import { type Span, Tracing } from "../../src/telemetry/tracing.ts";

function logging(parts: Partial<Parameters<typeof openLogger>[0]> = {}) {
  const lines: string[] = [];
  const logger = openLogger({ level: "info", out: { write: (line) => void lines.push(line) }, ...parts });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? "null") };
}

/** A span that is looked at for its ids alone. */
function spanWith(traceId: string, spanId: string): Span {
  const nothing = () => {};
  const span: Span = {
    ...{ traceparent: "", traceId, spanId, set: nothing, event: nothing, link: nothing, end: nothing },
    child: () => span,
  };
  return span;
}

describe("a log line", () => {
  it("is JSON on one line, whatever is in it", () => {
    const { logger, lines, last } = logging();
    logger.warn({ why: "two\nlines" }, "it happened");
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain("\n");
    expect(last()).toMatchObject({ level: 40, msg: "it happened", why: "two\nlines" });
  });

  it("names the span of the call it belongs to, and no other's", async () => {
    const { logger, last } = logging();
    const tracing = new Tracing({ samples: () => true, start: () => spanWith("", "") });
    await tracing.within(spanWith("t1", "s1"), { batch: false }, async () => {
      await Promise.resolve();
      logger.info("inside");
    });
    expect(last()).toMatchObject({ trace_id: "t1", span_id: "s1", trace_flags: "01" });
    logger.info("outside");
    expect(Object.keys(last())).toEqual(["level", "time", "msg"]);
  });

  it("keeps back the fields that are not to be written", () => {
    const { logger, last } = logging({ redact: ["actor", "reason"] });
    logger.info({ actor: "ann", reason: "because", outcome: "resolved" }, "an operator resolved a record");
    expect(last()).toMatchObject({ actor: "[redacted]", reason: "[redacted]", outcome: "resolved" });
  });

  it("is not written below the level", () => {
    const { logger, lines } = logging({ level: "warn" });
    logger.info("no");
    logger.warn("yes");
    expect(lines).toHaveLength(1);
  });
});

describe("a log line for people", () => {
  it("tells time, level, what happened and what it is about, and the stack below", () => {
    const { logger, lines } = logging();
    logger.warn({ shard: "a", reason: "it cannot be reached", err: new Error("boom") }, "the shard is not served");
    const [first, second] = prettyLine(lines[0] ?? "").split("\n");
    const bare = stripVTControlCharacters(first ?? "");
    expect(bare).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} WARN {2}the shard is not served shard=a reason="it cannot be reached"$/,
    );
    expect(second).toMatch(/^ {2}Error: boom/);
  });

  it("lets nothing through that moves a terminal's cursor", () => {
    const { logger, lines } = logging();
    logger.info({ name: "\u001b[2Jgone\u0007" }, "a name");
    const text = prettyLine(lines[0] ?? "");
    expect(text).toContain("[2Jgone");
    expect(text).not.toContain("\u001b[2J");
    expect(text).not.toContain("\u0007");
  });
});
