import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StoreStatus } from "../../src/store/port.ts";
import { CallTally } from "../../src/telemetry/tally.ts";
import { type OpsServer, startOpsServer } from "../../src/transport/http/ops.ts";

let status: StoreStatus;
let stopping: AbortController;
let tally: CallTally;
let ops: OpsServer;
beforeEach(async () => {
  const shard = { name: "main", address: "h1:6379", state: "serving", reason: "", slots: 4096 } as const;
  const nothing = { warnings: [], gaps: [] };
  status = { kind: "redis", serving: true, reason: "", shards: [shard], durability: "local", ...nothing };
  stopping = new AbortController();
  tally = new CallTally();
  const deps = { tally, inFlight: () => 3, waiters: () => 2, status: () => status, stopping: stopping.signal };
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
  interface Family {
    type: string;
    help: string;
    samples: { labels: Record<string, string>; value: number }[];
  }

  /** Prometheus' text format taken apart; throws at a line that is not in it. */
  function parse(text: string): Map<string, Family> {
    const families = new Map<string, Family>();
    for (const line of text.replace(/\n$/, "").split("\n")) {
      const [, kind, about = "", rest = ""] = /^# (HELP|TYPE) ([a-z_]+) (.+)$/.exec(line) ?? [];
      if (kind === "HELP" && !families.has(about)) families.set(about, { type: "", help: rest, samples: [] });
      else if (kind === "TYPE") family(families, about).type = rest;
      else if (kind === undefined) {
        const [, name = "", , labels = "", value = ""] = /^([a-z_]+)(\{(.*)\})? (\d+(?:\.\d+)?)$/.exec(line) ?? [];
        const pairs = [...labels.matchAll(/([a-z_]+)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/g)];
        if (pairs.map(([whole]) => whole).join("") !== labels) throw new Error(`no labels: ${line}`);
        const named = Object.fromEntries(pairs.map(([, label = "", of = ""]) => [label, of]));
        family(families, name).samples.push({ labels: named, value: Number(value) });
      } else throw new Error(`no line of the format: ${line}`);
    }
    return families;
  }

  function family(families: Map<string, Family>, name: string): Family {
    const found = families.get(name);
    if (found === undefined) throw new Error(`a sample without a head: ${name}`);
    return found;
  }

  it("is in Prometheus' text format, each metric with its type and its help", async () => {
    tally.count("payments", "Begin", "started");
    tally.countError("INVALID_ARGUMENT");
    const answer = await ask("/metrics");
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const families = parse(answer.text);
    expect([...families].map(([name, { type }]) => [name, type])).toEqual([
      ["onceward_calls_total", "counter"],
      ["onceward_errors_total", "counter"],
      ["onceward_notable_events_total", "counter"],
      ["onceward_gap_windows", "gauge"],
      ["onceward_in_flight_calls", "gauge"],
      ["onceward_waiting_calls", "gauge"],
      ["onceward_uptime_seconds", "gauge"],
    ]);
    expect([...families.values()].every(({ help }) => help.length > 10)).toBe(true);
  });

  it("counts calls by namespace and outcome, errors by reason, and what is going on now", async () => {
    for (const outcome of ["started", "started", "replay"]) tally.count("payments", "Begin", outcome);
    tally.countNotable("restored_completion");
    tally.countError("OVERLOADED");
    const families = parse((await ask("/metrics")).text);
    expect(families.get("onceward_calls_total")?.samples).toEqual([
      { labels: { namespace: "payments", call: "Begin", outcome: "started" }, value: 2 },
      { labels: { namespace: "payments", call: "Begin", outcome: "replay" }, value: 1 },
    ]);
    expect(families.get("onceward_errors_total")?.samples).toEqual([{ labels: { reason: "OVERLOADED" }, value: 1 }]);
    expect(families.get("onceward_in_flight_calls")?.samples).toEqual([{ labels: {}, value: 3 }]);
    expect(families.get("onceward_waiting_calls")?.samples).toEqual([{ labels: {}, value: 2 }]);
    expect(families.get("onceward_notable_events_total")?.samples).toEqual([
      { labels: { event: "restored_completion" }, value: 1 },
      { labels: { event: "unguarded_start" }, value: 0 },
    ]);
    expect(families.get("onceward_gap_windows")?.samples).toEqual([{ labels: {}, value: 0 }]);
  });

  it("does not grow with the number of namespaces that callers make up", async () => {
    for (let count = 0; count < 1000; count++) tally.count(`ns-${count}`, "Begin", "started");
    const samples = parse((await ask("/metrics")).text).get("onceward_calls_total")?.samples ?? [];
    expect(samples.length).toBeLessThanOrEqual(101);
    expect(samples.find(({ labels }) => labels.namespace === "(other)")?.value).toBe(900);
  });
});
