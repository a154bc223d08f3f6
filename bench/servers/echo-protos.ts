import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

type Empty = Record<string, never>;
type Callback = grpc.requestCallback<Empty>;

interface EchoClient extends grpc.Client {
  Echo(request: Empty, options: grpc.CallOptions, callback: Callback): grpc.ClientUnaryCall;
  Echo(request: Empty, callback: Callback): grpc.ClientUnaryCall;
}

interface EchoProtos {
  readonly onceward: {
    readonly bench: {
      readonly EchoService: (new (
        ...args: ConstructorParameters<typeof grpc.Client>
      ) => EchoClient) & { readonly service: grpc.ServiceDefinition };
    };
  };
}

/** The options that onceward loads its own protos with (src/transport/grpc/protos.ts): they cost something. */
const LOADER_OPTIONS = { longs: String, enums: String, defaults: true, oneofs: true } as const;

/** The echo's service, for its server and its client. */
export function echoService() {
  const definition = loadSync(fileURLToPath(new URL("./echo.proto", import.meta.url)), LOADER_OPTIONS);
  // proto-loader's result is untyped; the types above describe exactly this file.
  return (grpc.loadPackageDefinition(definition) as unknown as EchoProtos).onceward.bench.EchoService;
}
