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

it("room that is claimed is filled in by the caller, and counts as written", () => {
  const [claimed, whole] = [new RespWriter(), new RespWriter()];
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3000 }), { maxLength: 20 }), (values) => {
      for (const writer of [claimed, whole]) writer.restart();
      for (const value of values) {
        const one = new RespWriter();
        one.text(value);
        const at = claimed.claim(one.length);
        claimed.room.set(one.finish(), at);
        whole.text(value);
      }
      expect(claimed.finish()).toEqual(whole.finish());
    }),
  );
});
