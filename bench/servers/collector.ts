/** The least that takes OTLP over HTTP: says yes to everything, and looks at nothing. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => response.writeHead(200).end());
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo; // it listens on a port
  process.stdout.write(`${JSON.stringify({ listen: `127.0.0.1:${port}` })}\n`);
});
