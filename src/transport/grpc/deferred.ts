import type * as grpc from "@grpc/grpc-js";

type Definition = grpc.MethodDefinition<object, object>;

/** A method whose messages are made known at its first call: for those that hardly a sidecar is asked for. */
export function deferred(
  about: Pick<Definition, "path" | "requestStream" | "responseStream">,
  load: () => Pick<Definition, "requestSerialize" | "requestDeserialize" | "responseSerialize" | "responseDeserialize">,
): Definition {
  let loaded: ReturnType<typeof load> | undefined;
  const method = () => {
    loaded ??= load();
    return loaded;
  };
  return {
    ...about,
    requestSerialize: (message) => method().requestSerialize(message),
    requestDeserialize: (bytes) => method().requestDeserialize(bytes),
    responseSerialize: (message) => method().responseSerialize(message),
    responseDeserialize: (bytes) => method().responseDeserialize(bytes),
  };
}
