/** The empty echo: a process that does with a call what every gRPC server has to, and nothing else. */
import * as grpc from "@grpc/grpc-js";
import { MESSAGE_BYTES_MAX } from "../../src/base/limits.ts";
import { echoService } from "./echo-protos.ts";

const server = new grpc.Server({
  "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
  "grpc.max_send_message_length": MESSAGE_BYTES_MAX,
});
const echo: grpc.handleUnaryCall<unknown, object> = (_call, callback) => callback(null, {});
server.addService(echoService().service, { Echo: echo });
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${JSON.stringify({ listen: `127.0.0.1:${port}` })}\n`);
});
