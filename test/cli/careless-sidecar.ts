/** What onceward must never be: says yes to everybody. The demo has to notice. */
import { Server, ServerCredentials, type sendUnaryData, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { protos } from "../../src/transport/grpc/protos.ts";

export interface Careless {
  readonly address: string;
  stop(): void;
}

function answering<Answer>(answer: () => Answer) {
  return (_call: unknown, callback: sendUnaryData<Answer>) => callback(null, answer());
}

export async function startCareless(): Promise<Careless> {
  const { IdempotencyService, AdminService } = protos().onceward.v1;
  let token = 0;
  const start = () => {
    token += 1;
    return { outcome: "STARTED", attempt: { number: 1, fencingToken: String(token), leaseMs: "600" } };
  };
  const idempotency: UntypedServiceImplementation = {
    begin: answering(start),
    complete: answering(() => ({ outcome: "STORED" })),
    renew: answering(() => ({ outcome: "RENEWED" })),
    release: answering(() => ({ outcome: "RELEASED" })),
  };
  const server = new Server();
  server.addService(IdempotencyService.service, idempotency);
  server.addService(AdminService.service, { getServerInfo: answering(() => ({ version: "0.0.0" })) });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}
