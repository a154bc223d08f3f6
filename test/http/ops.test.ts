import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StoreStatus } from "../../src/store/port.ts";
import { METRICS } from "../../src/telemetry/names.ts";
import type { Point } from "../../src/telemetry/reading.ts";
import { type OpsServer, startOpsServer } from "../../src/transport/http/ops.ts";

let status: StoreStatus;
let stopping: AbortController;
let points: readonly Point[];
let ops: OpsServer;
beforeEach(async () => {
  const shard = { name: "main", address: "h1:6379", state: "serving", reason: "", slots: 4096 } as const;
  const nothing = { warnings: [], gaps: [] };
  status = { kind: "redis", serving: true, reason: "", shards: [shard], durability: "local", ...nothing };
  stopping = new AbortController();
  points = [];
  const metrics = () => [{ metric: METRICS.shardUp, points }];
  const deps = { metrics, status: () => status, stopping: stopping.signal };
  ops = await startOpsServer(deps, "127.0.0.1:0");
});
afterEach(() => ops.stop());

async function ask(path: string, method = "GET") {
  const response = await fetch(`http://${ops.address}${path}`, { method });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** The status line that the server gives to bytes of the test's own. */
function askRaw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(`http://${ops.address}`);
  const socket = connect(Number(port), hostname, () => socket.end(bytes));
  let said = "";
  socket.on("data", (chunk) => {
    said += chunk;
  });
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("close", () => resolve(said.split("\r\n")[0] ?? ""));
  });
}

describe("the ops listener", () => {
  it("tells the port that the system picked", () => {
    expect(ops.address).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
  });

  it("is alive whatever the store says", async () => {
    status = { ...status, serving: false, reason: "down" };
    expect(await ask("/livez")).toMatchObject({ status: 200, text: "ok\n" });
    expect(await ask("/livez?verbose")).toMatchObject({ status: 200 });
  });

  it("is ready while the store serves, and says why not when it does not", async () => {
    expect(await ask("/readyz")).toMatchObject({ status: 200, text: "ok\n" });
    const shards = [
      { name: "main", address: "h1:6379", state: "unavailable", reason: "no route", slots: 4096 },
    ] as const;
    status = { ...status, serving: false, reason: "no shard serves", shards };
    expect(await ask("/readyz")).toMatchObject({ status: 503, text: "no shard serves\nmain: no route\n" });
  });

  it("is ready with some of its shards, and names those that are down", async () => {
    const shards = [...status.shards, { ...status.shards[0], name: "b", state: "refused", reason: "another table" }];
    status = { ...status, shards: shards as StoreStatus["shards"] };
    expect(await ask("/readyz")).toMatchObject({ status: 200, text: "ok\nb: another table\n" });
  });

  it("is not ready any more once the process stops, and alive until its end", async () => {
    stopping.abort();
    expect(await ask("/readyz")).toMatchObject({ status: 503, text: "stopping\n" });
    expect((await ask("/livez")).status).toBe(200);
  });

  it.each(["/", "/metrics/", "/Livez", "/livez/..%2fmetrics", "/debug/pprof", "//", "///", "//livez"])(
    "knows nothing at %s",
    async (path) => {
      expect(await askRaw(`GET ${path} HTTP/1.1\r\nHost: ops\r\nConnection: close\r\n\r\n`)).toBe(
        "HTTP/1.1 404 Not Found",
      );
    },
  );

  it.each(["POST", "PUT", "DELETE", "OPTIONS"])("takes no %s", async (method) => {
    const answer = await ask("/livez", method);
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, HEAD");
  });

  it("answers HEAD as GET, without a body", async () => {
    expect(await ask("/readyz", "HEAD")).toMatchObject({ status: 200, text: "" });
  });

  it("stays up when a request is no HTTP", async () => {
    expect(await askRaw("hello\r\n\r\n")).toMatch(/^HTTP\/1\.1 400/);
    expect((await ask("/livez")).status).toBe(200);
  });

  it("stops although a connection is kept open", async () => {
    const { hostname, port } = new URL(`http://${ops.address}`);
    const idle = connect(Number(port), hostname);
    await new Promise((resolve) => idle.once("connect", resolve));
    const closed = new Promise((resolve) => idle.once("close", resolve));
    await ops.stop();
    await closed;
  });
});

describe("/metrics", () => {
  it("is what is read at that moment, in Prometheus' text format", async () => {
    points = [{ attributes: { "onceward.shard": "main" }, value: 1 }];
    const answer = await ask("/metrics");
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(answer.text.split("\n")).toContain('onceward_shard_up{onceward_shard="main"} 1');
    points = [{ attributes: { "onceward.shard": "main" }, value: 0 }];
    expect((await ask("/metrics")).text.split("\n")).toContain('onceward_shard_up{onceward_shard="main"} 0');
  });
});
