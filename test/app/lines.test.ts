import { describe, expect, it } from "vitest";
import { openLines } from "../../src/app/lines.ts";

/** A pipe that takes so many bytes at a time until it is full; -1 = nobody reads it any more. */
function pipe(room: number) {
  const state = { text: "", room };
  const out = (bytes: Buffer) => {
    if (state.room < 0) throw Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    if (state.room === 0) throw Object.assign(new Error("write EAGAIN"), { code: "EAGAIN" });
    const taken = bytes.subarray(0, state.room);
    state.room -= taken.length;
    state.text += taken;
    return taken.length;
  };
  return { state, out };
}

describe("the lines of a process", () => {
  it("come out behind the first one, however early they were written", () => {
    const { state, out } = pipe(1000);
    const lines = openLines(out);
    lines.write("a\n");
    lines.write("b\n");
    expect(state.text).toBe("");
    lines.begin("ready\n");
    lines.write("c\n");
    expect(state.text).toBe("ready\na\nb\nc\n");
  });

  it("come out without a first one when there is none", () => {
    const { state, out } = pipe(1000);
    const lines = openLines(out);
    lines.write("a\n");
    lines.begin();
    expect(state.text).toBe("a\n");
  });

  it("wait, whole and in order, while the reader is slow", () => {
    const { state, out } = pipe(5);
    const lines = openLines(out);
    lines.begin("one\n");
    lines.write("two\n");
    lines.write("three\n");
    expect(state.text).toBe("one\nt");
    state.room = 1000;
    lines.write("four\n");
    expect(state.text).toBe("one\ntwo\nthree\nfour\n");
  });

  it("are lost, and nothing else, when nobody reads", () => {
    const { state, out } = pipe(-1);
    const lines = openLines(out);
    lines.begin("ready\n");
    for (let count = 0; count < 5000; count++) lines.write(`${count}\n`);
    state.room = 1_000_000;
    lines.write("last\n");
    expect(state.text.startsWith("ready\n0\n1\n")).toBe(true);
    expect(state.text.split("\n").length).toBeLessThan(1100);
  });
});
