/** Stands between a store and its Redis, and loses what a network can lose. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Mode = "pass" | "swallow_replies" | "hold";

export class RedisProxy {
  readonly #directory: string;
  #target: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #held: (() => void)[] = [];
  #mode: Mode = "pass";
  #connections = 0;
  #swallowed = 0;

  private constructor(directory: string, target: string) {
    this.#directory = directory;
    this.#target = target;
    this.#server = createServer((client) => this.#join(client));
  }

  /** In front of the server that listens on the Unix socket `target`. */
  static async start(target: string): Promise<RedisProxy> {
    const proxy = new RedisProxy(await mkdtemp(join(tmpdir(), "onceward-proxy-")), target);
    proxy.#server.listen(proxy.#socket);
    await once(proxy.#server, "listening");
    return proxy;
  }

  /** As the store's options take it. */
  url(db = 0): string {
    return `redis+unix://${this.#socket}?db=${db}`;
  }

  /** Connections made so far. */
  get connections(): number {
    return this.#connections;
  }

  /** Bytes of replies that never arrived. */
  get swallowed(): number {
    return this.#swallowed;
  }

  /** From here on, commands arrive and are carried out, but their replies do not come back. */
  swallowReplies(): void {
    this.#mode = "swallow_replies";
  }

  /** From here on, nothing passes either way, until {@link pass}. */
  hold(): void {
    this.#mode = "hold";
  }

  /** Everything passes again. After swallowed replies the old connections are cut: a stream cannot lose its middle. */
  pass(): void {
    if (this.#mode === "swallow_replies") this.cut();
    this.#mode = "pass";
    for (const letGo of this.#held.splice(0)) letGo();
  }

  /** From the next connection on, another server answers, as after a failover. */
  retarget(target: string): void {
    this.#target = target;
  }

  /** Ends every connection, as a network that goes away. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
    await rm(this.#directory, { recursive: true, force: true });
  }

  get #socket(): string {
    return join(this.#directory, "proxy.sock");
  }

  #join(client: Socket): void {
    this.#connections += 1;
    const server = connect(this.#target);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one);
      one.on("error", () => {}); // the close that follows says it all
      one.on("close", () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.on("data", (data: Buffer) => this.#forward(data, one === server, other));
    }
  }

  #forward(data: Buffer, isReply: boolean, to: Socket): void {
    if (this.#mode === "hold") this.#held.push(() => to.write(data));
    else if (isReply && this.#mode === "swallow_replies") this.#swallowed += data.length;
    else to.write(data);
  }
}
