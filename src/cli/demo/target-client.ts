import { connect } from "node:net";
import { onLine } from "./lines.ts";
import type { Numbered, TargetAnswer, TargetRequest } from "./target.ts";

/** A connection to the target, as a client process holds it. */
export interface TargetClient {
  /** Rejects when the connection is lost; whether the request was carried out is then unknown. */
  ask(request: TargetRequest): Promise<TargetAnswer>;
  close(): void;
}

interface Waiting {
  resolve(answer: TargetAnswer): void;
  reject(error: Error): void;
}

export function connectTarget(socket: string): TargetClient {
  const waiting = new Map<number, Waiting>();
  const connection = connect(socket);
  let next = 0;
  let lost: Error | undefined;
  const lose = (error: Error) => {
    lost = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  connection.on("error", lose);
  connection.on("close", () => lose(new Error("the target has closed the connection")));
  onLine(connection, (line) => {
    const { id, body }: Numbered<TargetAnswer> = JSON.parse(line);
    waiting.get(id)?.resolve(body);
    waiting.delete(id);
  });
  return {
    ask(request) {
      if (lost !== undefined) return Promise.reject(lost);
      const id = next;
      next += 1;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        connection.write(`${JSON.stringify({ id, body: request })}\n`);
      });
    },
    close: () => connection.destroy(),
  };
}
