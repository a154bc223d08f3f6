import { once } from "node:events";
import { type ClientHttp2Stream, connect, createServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { replaceTables } from "../../src/transport/grpc/stream-tables.ts";

const closing: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server whose session has other tables, and a client of it. */
async function connected() {
  const server = createServer();
  const sessions: ServerHttp2Session[] = [];
  const replaced: boolean[] = [];
  server.on("session", (session) => {
    replaced.push(replaceTables(session));
    sessions.push(session);
  });
  server.on("sessionError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => new Promise((done) => server.close(done)));
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`); // it listens on a port
  client.on("error", () => {});
  closing.push(() => client.destroy());
  await once(client, "connect");
  return { server, client, sessions, replaced };
}

async function bodyOf(stream: ClientHttp2Stream): Promise<string> {
  let body = "";
  for await (const chunk of stream.setEncoding("utf8")) body += chunk;
  return body;
}

describe("a session of Node's HTTP/2 with tables that let go of its streams", () => {
  it("answers on many streams at once, again and again", async () => {
    const { server, client, replaced } = await connected();
    server.on("stream", (stream, headers) => stream.end(String(headers[":path"])));
    for (let round = 0; round < 5; round++) {
      const paths = Array.from({ length: 50 }, (_, n) => `/${round}/${n}`);
      expect(await Promise.all(paths.map((path) => bodyOf(client.request({ ":path": path }))))).toEqual(paths);
    }
    expect(replaced).toEqual([true]);
  });

  it("destroys the streams that are open when it is destroyed, or its socket closes", async () => {
    for (const end of ["session", "socket"] as const) {
      const { server, client, sessions } = await connected();
      const closed: Promise<unknown>[] = [];
      const opened = new Promise<void>((resolve) => {
        server.on("stream", (stream) => {
          stream.on("error", () => {});
          closed.push(once(stream, "close"));
          if (closed.length === 3) resolve();
        });
      });
      for (let n = 0; n < 3; n++) client.request({ ":method": "POST" }, { endStream: false }).on("error", () => {});
      await opened;
      if (end === "session") sessions[0]?.destroy();
      else client.destroy();
      expect(await Promise.all(closed)).toHaveLength(3);
    }
  });

  it("closes when its last stream has been answered", async () => {
    const { server, client, sessions } = await connected();
    const held = new Promise<() => void>((resolve) => {
      server.on("stream", (stream) => resolve(() => stream.end("late")));
    });
    const answer = bodyOf(client.request({}));
    const finish = await held;
    const closed = new Promise<void>((resolve) => sessions[0]?.close(resolve));
    finish();
    expect(await answer).toBe("late");
    await closed;
  });

  it("is left alone where it does not look as it is known to", async () => {
    const unlike = { [Symbol("state")]: { streams: new Map() }, [Symbol("other")]: null };
    expect(replaceTables(unlike as unknown as ServerHttp2Session)).toBe(false);
    const inUse = { [Symbol("state")]: { streams: new Map([[1, {}]]), pendingStreams: new Set() } };
    expect(replaceTables(inUse as unknown as ServerHttp2Session)).toBe(false);
  });
});
