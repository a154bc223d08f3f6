import fc from "fast-check";
import { Command } from "ioredis";
import { expect, it } from "vitest";
import { RespWriter } from "../../../src/store/redis-client/resp-writer.ts";

const argument = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: "binary", minLength: 5000, maxLength: 90_000 }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.integer(),
);

it("a command is the bytes that the driver would write, in one piece or in two", () => {
  const [whole, front, back] = [new RespWriter(), new RespWriter(), new RespWriter()];
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 20 }), fc.nat(), (args, cut) => {
      const driver = new Command("evalsha", [...args]);
      driver.stringifyArguments();
      for (const writer of [whole, front, back]) writer.restart();
      const at = cut % (args.length + 1);
      for (const arg of args.slice(0, at)) front.argument(arg);
      for (const arg of args.slice(at)) back.argument(arg);
      whole.array(args.length + 1);
      whole.text("evalsha");
      whole.append(front);
      whole.append(back);
      expect(whole.finish()).toEqual(Buffer.from(driver.toWritable({})));
    }),
  );
});

it("a key in parts is the key in one piece, wherever its name stood before", () => {
  const [parts, whole] = [new RespWriter(), new RespWriter()];
  const name = fc.constantFrom("", "a", "name", "x".repeat(300), "y".repeat(3000));
  const step = fc.record({ tag: fc.constantFrom("{ow0001}", "{ow4095}"), mark: fc.constantFrom("r", "b", "u:"), name });
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: step }, fc.nat(3)), { maxLength: 30 }), (steps) => {
      for (const writer of [parts, whole]) writer.restart();
      const ends = [0];
      for (const one of steps) {
        if (typeof one === "number") {
          const end = ends[Math.max(0, ends.length - 1 - one)] ?? 0;
          while ((ends.at(-1) ?? 0) > end) ends.pop();
          for (const writer of [parts, whole]) writer.cut(end);
          continue;
        }
        parts.key(one.tag, one.mark, one.name);
        whole.text(one.tag + one.mark + one.name);
        ends.push(whole.length);
      }
      expect(parts.finish()).toEqual(whole.finish());
    }),
  );
});
