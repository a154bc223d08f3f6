import * as grpc from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Http2Connection } from "../../bench/load/http2.ts";

/** A server of grpc-js that answers with what it is sent, and with a failure where that begins with 0. */
const server = new grpc.Server();
const same = (bytes: Buffer) => bytes;
const method = {
  requestStream: false,
  responseStream: false,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
} as const;
const deadlines: number[] = [];
const answer: grpc.handleUnaryCall<Buffer, Buffer> = (call, done) => {
  deadlines.push(Number(call.getDeadline()) - Date.now());
  if (call.request[0] === 0) done({ code: grpc.status.INTERNAL, details: "told to" });
  else done(null, call.request);
};
server.addService(
  { One: { ...method, path: "/test.Echo/One" }, Other: { ...method, path: "/test.Echo/Other" } },
  { One: answer, Other: answer },
);

let connection: Http2Connection;
beforeAll(async () => {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  connection = new Http2Connection(`127.0.0.1:${port}`);
});
afterAll(() => {
  connection.close();
  server.forceShutdown();
});

const message = (length: number, filled: number) => Buffer.alloc(length, filled);

describe("the caller of the bench", () => {
  it("is answered what it asked, whatever the method and the length", async () => {
    for (const length of [1, 100, 16_384, 65_000]) {
      for (const path of ["/test.Echo/One", "/test.Echo/Other", "/test.Echo/One"]) {
        expect((await connection.call(path, message(length, 7))).equals(message(length, 7))).toBe(true);
      }
    }
    expect((await connection.call("/test.Echo/One", message(0, 0))).length).toBe(0);
  });

  it("keeps answers apart, and to the windows of the server", async () => {
    const messages = Array.from({ length: 50 }, (_, index) => message(30_000 + index, index + 1));
    const answers = await Promise.all(messages.map((one) => connection.call("/test.Echo/One", one)));
    expect(answers.every((one, index) => one.equals(messages[index] ?? message(0, 0)))).toBe(true);
  });

  it("carries a deadline", () => {
    expect(deadlines.every((ms) => ms > 0 && ms <= 10_000)).toBe(true);
  });

  it("takes no failure for an answer", async () => {
    await expect(connection.call("/test.Echo/One", message(1, 0))).rejects.toThrow("the call failed");
    await expect(connection.call("/test.Echo/None", message(1, 1))).rejects.toThrow("the call failed");
    expect((await connection.call("/test.Echo/One", message(1, 1))).length).toBe(1);
  });

  it("fails what is under way when the connection breaks, and everything after it", async () => {
    const port = await new Promise<number>((resolve) => {
      const closing = new grpc.Server();
      closing.addService({ One: { ...method, path: "/test.Echo/One" } }, { One: () => closing.forceShutdown() });
      closing.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (_, bound) => resolve(bound));
    });
    const broken = new Http2Connection(`127.0.0.1:${port}`);
    await expect(broken.call("/test.Echo/One", message(1, 1))).rejects.toThrow();
    await expect(broken.call("/test.Echo/One", message(1, 1))).rejects.toThrow();
  });
});
