import { describe, expect, it } from "vitest";
import { protos } from "../../src/transport/grpc/protos.ts";
import { definitionOf, type ServiceName } from "../../src/transport/grpc/services.ts";

const NAMES: readonly ServiceName[] = ["AdminService", "IdempotencyService", "LeaseService", "SequenceService"];

describe.each(NAMES)("%s, as it is served before its messages are known,", (name) => {
  const { service } = protos().onceward.v1[name];
  const served = definitionOf(name, Object.keys(service));

  it("is the one of proto/", () => {
    const about = (definition: typeof served) =>
      Object.entries(definition).map(([method, { path, requestStream, responseStream }]) => {
        return [method, { path, requestStream, responseStream }];
      });
    expect(about(served)).toEqual(about(service));
  });

  it("reads and writes what that one does", () => {
    for (const [method, mine] of Object.entries(served)) {
      const theirs = (service as typeof served)[method];
      expect(mine.requestDeserialize(Buffer.alloc(0))).toEqual(theirs?.requestDeserialize(Buffer.alloc(0)));
      expect(mine.responseSerialize({})).toEqual(theirs?.responseSerialize({}));
    }
  });
});

it("a method that proto/ does not have is none", () => {
  const { Nothing } = definitionOf("AdminService", ["Nothing"]);
  expect(() => Nothing?.requestDeserialize(Buffer.alloc(0))).toThrow("proto/ has no method Nothing");
});
