import { describe, expect, it, vi } from "vitest";
import { Bundler, type BundlerDeps, type Call } from "../../../src/store/redis/bundler.ts";
import { readScripts, type Scripts } from "../../../src/store/redis/scripts.ts";

/** A bundler whose Redis answers with what it is given, and what was sent. */
function bundlerAnswering(answer: unknown) {
  const sent: string[] = [];
  const connection = {
    together: (act: () => void) => act(),
    runEncoded: async (_script: Scripts["begin"], command: Buffer) => {
      sent.push(command.toString("latin1"));
      return answer;
    },
  } as unknown as BundlerDeps["connection"];
  const onReplies = vi.fn();
  const wrongStamp = () => {
    throw new Error("not asked for here");
  };
  const about = { name: "a", scripts: readScripts(), stamp: Buffer.from("stamp") };
  return { bundler: new Bundler({ ...about, connection, onReplies, wrongStamp }), sent, onReplies };
}

function call(key: string, args: readonly string[] = ["x"]) {
  const told = Promise.withResolvers<string>();
  const asked: Call = {
    writeKeys(out) {
      out.text(key);
      return 1;
    },
    writeArguments(out) {
      for (const arg of args) out.text(arg);
      return args.length;
    },
    settle: (reply) => told.resolve(Buffer.isBuffer(reply) ? reply.toString() : "a list"),
    fail: (fault) => told.resolve(String((fault as Error & { cause?: Error }).cause)),
  };
  return { asked, told: told.promise };
}

describe("answers that are bytes of one length and come as one", () => {
  it("go to each call in its order", async () => {
    const { bundler, onReplies } = bundlerAnswering(Buffer.from("onetwosix"));
    const calls = ["1", "2", "3"].map((key) => call(key));
    for (const { asked } of calls) bundler.add("begin", asked);
    expect(await Promise.all(calls.map(({ told }) => told))).toEqual(["one", "two", "six"]);
    expect(onReplies).toHaveBeenCalledTimes(1);
  });

  it("fail all calls where they cannot be told apart", async () => {
    const { bundler } = bundlerAnswering(Buffer.from("onetw"));
    const calls = ["1", "2"].map((key) => call(key));
    for (const { asked } of calls) bundler.add("begin", asked);
    const faults = await Promise.all(calls.map(({ told }) => told));
    expect(faults).toEqual(Array(2).fill("Error: it was left out of 5 bytes"));
  });
});

describe("a call that cannot be written", () => {
  const broken: Call = {
    writeKeys(out) {
      out.text("half a call");
      return 1;
    },
    writeArguments() {
      throw new Error("cannot be packed");
    },
    settle: () => expect.unreachable(),
    fail: () => expect.unreachable(),
  };

  it("throws, and leaves nothing of itself among the others", async () => {
    const { bundler, sent } = bundlerAnswering(Buffer.from("onetwo"));
    const calls = ["first", "second"].map((key) => call(key));
    const [first, second] = calls;
    bundler.add("begin", first?.asked ?? broken);
    expect(() => bundler.add("begin", broken)).toThrow("cannot be packed");
    bundler.add("begin", second?.asked ?? broken);
    expect(await Promise.all(calls.map(({ told }) => told))).toEqual(["one", "two"]);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain("first");
    expect(sent[0]).toContain("second");
    expect(sent[0]).not.toContain("half a call");
  });

  it("is one with more arguments than can be told", () => {
    const { bundler } = bundlerAnswering(Buffer.from(""));
    const { asked } = call("1", Array(256).fill("x"));
    expect(() => bundler.add("begin", asked)).toThrow("256 arguments: at most 255 can be told");
  });
});
