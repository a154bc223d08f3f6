import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { protos } from "../../src/transport/grpc/protos.ts";
import { fresh, openWire, type Wire } from "../support/wire.ts";

/** A client that knows nothing of onceward but what reflection tells it. */
const BUF = fileURLToPath(new URL("../../node_modules/.bin/buf", import.meta.url));

let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
});
afterAll(() => wire.stop());

/** What `buf curl` says about that path of the sidecar. */
function curl(
  path: string,
  ...more: readonly string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const flags = ["--protocol", "grpc", "--http2-prior-knowledge", "--timeout", "20s"];
  const child = spawn(BUF, ["curl", ...flags, ...more, `http://${wire.address}${path}`]);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

describe("server reflection", () => {
  it("lists the services and every method of theirs", async () => {
    const services = await curl("", "--list-services");
    expect(services.stdout.split("\n")).toEqual(
      expect.arrayContaining([
        "onceward.v1.AdminService",
        "onceward.v1.IdempotencyService",
        "onceward.v1.LeaseService",
        "onceward.v1.SequenceService",
      ]),
    );
    const methods = await curl("", "--list-methods");
    const ours = methods.stdout.split("\n").filter((line) => line.startsWith("onceward."));
    const { IdempotencyService, SequenceService, LeaseService, AdminService } = protos().onceward.v1;
    const offered = [IdempotencyService, SequenceService, LeaseService, AdminService];
    const served = offered.flatMap(({ service }) => Object.values(service));
    expect(ours.sort()).toEqual(served.map(({ path }) => path.slice(1)).sort());
  });

  it("is enough to Begin and Complete, with enums, bytes and 64-bit numbers", async () => {
    const address = fresh();
    const begin = await curl(
      "/onceward.v1.IdempotencyService/Begin",
      ...["--data", JSON.stringify({ address, leaseMs: 5000, fingerprint: { payload: "QQ==" } })],
    );
    expect(begin.stderr).toBe("");
    const { outcome, attempt } = JSON.parse(begin.stdout);
    expect(outcome).toBe("STARTED");
    const done = { address, fencingToken: attempt.fencingToken, kind: "SUCCEEDED", result: { body: "QQ==" } };
    const complete = await curl("/onceward.v1.IdempotencyService/Complete", "--data", JSON.stringify(done));
    expect(JSON.parse(complete.stdout)).toMatchObject({ outcome: "STORED", record: { state: "SUCCEEDED" } });
  });

  it("shows an error with its status, its message and its details", async () => {
    const { code, stderr } = await curl("/onceward.v1.IdempotencyService/Begin", "--data", "{}");
    expect(code).not.toBe(0);
    expect(JSON.parse(stderr)).toMatchObject({
      code: "invalid_argument",
      message: "address: is required",
      details: [{ type: "google.rpc.ErrorInfo" }, { type: "google.rpc.BadRequest" }],
    });
  });
});
