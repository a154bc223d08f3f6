import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { Encoded } from "../../../src/store/redis-client/encoded.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** A command that somebody still has, and what became of its bytes. */
function made(send: boolean) {
  const bytes = Buffer.alloc(100_000);
  const command = new Encoded("evalsha", bytes);
  if (send) expect(command.toWritable()).toBe(bytes);
  return { command, bytes: new WeakRef(bytes) };
}

it("holds its bytes until they are sent, and no longer", async () => {
  const waiting = made(false);
  const sent = made(true);
  await pause(1); // what a WeakRef was made of lives on until then
  collect();
  expect(waiting.bytes.deref()?.length).toBe(100_000);
  expect(sent.bytes.deref()).toBeUndefined();
  expect(waiting.command.name).toBe(sent.command.name); // so that both are still held
});

it("is sent once: the driver would wait for a second reply, and take the next one for it", () => {
  const { command } = made(true);
  expect(() => command.toWritable()).toThrow(/sent once/);
});
