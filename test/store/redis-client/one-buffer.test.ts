import fc from "fast-check";
import { Command } from "ioredis";
import { expect, it } from "vitest";
import { OneBuffer } from "../../../src/store/redis-client/one-buffer.ts";

const argument = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.integer(),
);

it("a command in one buffer is the bytes that the driver would write", () => {
  const written = (one: Command) => {
    one.stringifyArguments();
    return Buffer.from(one.toWritable({}));
  };
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 20 }), (args) => {
      const [own, driver] = [OneBuffer, Command].map((Kind) => written(new Kind("evalsha", [...args])));
      expect(own).toEqual(driver);
    }),
  );
});
