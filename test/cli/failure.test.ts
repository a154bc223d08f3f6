import * as grpc from "@grpc/grpc-js";
import { describe, expect, it } from "vitest";
import { ERRORS, type ErrorCode, invalid, OncewardError } from "../../src/base/errors.ts";
import { durationMs } from "../../src/base/units.ts";
import { failureOf } from "../../src/cli/failure.ts";
import { detailsOf } from "../../src/cli/status-details.ts";
import { silentLogger } from "../../src/telemetry/logger.ts";
import { toServiceError, toStatus } from "../../src/transport/grpc/status.ts";

const ASKED = { address: "127.0.0.1:7600", timeout: durationMs(5000), deadlineMs: 5000, repeatWith: "--attempt-id a" };

/** What a client is given when a sidecar throws this. */
function received(thrown: OncewardError): grpc.ServiceError {
  const { code, details, metadata } = toServiceError(toStatus(thrown, silentLogger));
  return Object.assign(new Error(details ?? ""), {
    code: code ?? grpc.status.UNKNOWN,
    details: details ?? "",
    metadata: metadata ?? new grpc.Metadata(),
  });
}

function failure(thrown: OncewardError) {
  const { exitCode, lines } = failureOf(received(thrown), ASKED);
  return { exitCode, lines };
}

describe("what a command says when a call fails", () => {
  it("lists every bad field", () => {
    const violations = [
      { field: "address.key", problem: "must not be empty" },
      { field: "lease_ms", problem: "must be 100 to 3600000 milliseconds" },
    ];
    expect(failure(invalid(violations))).toEqual({
      exitCode: 2,
      lines: [
        "the sidecar refuses address.key: it must not be empty",
        "the sidecar refuses lease_ms: it must be 100 to 3600000 milliseconds",
      ],
    });
  });

  it("says which shard does not answer, and when and how to call again", () => {
    const thrown = new OncewardError("STORE_UNAVAILABLE", "the store does not answer", {
      shard: "b",
      retryAfterMs: 2500,
    });
    const { exitCode, lines } = failure(thrown);
    expect(exitCode).toBe(69);
    expect(lines).toEqual([
      "the sidecar at 127.0.0.1:7600 cannot answer (the store does not answer, shard b): " +
        "call again with the same arguments and --attempt-id a in 2.5s",
    ]);
  });

  it("says when an overloaded sidecar may be asked again", () => {
    const { exitCode, lines } = failure(new OncewardError("OVERLOADED", "too many calls", { retryAfterMs: 100 }));
    expect({ exitCode, lines }).toMatchObject({
      exitCode: 69,
      lines: [expect.stringMatching(/too much to do.* in 100ms$/)],
    });
  });

  it("hands on the request id of a defect, and nothing else of it", () => {
    const { exitCode, lines } = failure(new OncewardError("INTERNAL", "secret"));
    expect(exitCode).toBe(70);
    expect(lines).toEqual([expect.stringMatching(/Request id [\w-]{22}$/)]);
    expect(lines[0]).not.toContain("secret");
  });

  it.each(Object.keys(ERRORS) as ErrorCode[])("says %s in one line with a status of its own kind", (code) => {
    const { exitCode, lines } = failure(new OncewardError(code, "it went wrong"));
    expect([2, 69, 70]).toContain(exitCode);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/\n|undefined/);
  });

  it("reads no details where there are none, and none where they are damaged", () => {
    const none = { violations: [], retryAfterMs: undefined, reason: undefined, shard: undefined };
    const damaged = new grpc.Metadata();
    damaged.set("grpc-status-details-bin", Buffer.from([0xff, 0xff, 0xff]));
    expect(detailsOf(new grpc.Metadata())).toEqual(none);
    expect(detailsOf(damaged)).toEqual(none);
  });
});
