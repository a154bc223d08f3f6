/** `grpc.health.v1.Health` of a sidecar, as `wait` and `check` ask it. */
import * as grpc from "@grpc/grpc-js";
import { service as HEALTH } from "grpc-health-check";
import { systemClock } from "../base/clock.ts";
import { isServiceError } from "./failure.ts";

/** What a sidecar says of itself; `unreachable` = nobody answers. */
export type Condition =
  | { readonly kind: "serving" | "not serving" | "no such service" }
  | { readonly kind: "unreachable"; readonly why: string };

const HealthClient = grpc.makeClientConstructor(HEALTH, "grpc.health.v1.Health");

interface HealthAnswer {
  readonly status: string;
}

type Ask = (
  request: { readonly service: string },
  options: grpc.CallOptions,
  callback: grpc.requestCallback<HealthAnswer>,
) => void;

export interface Asked {
  readonly address: string;
  /** A service's full name; empty = the process as a whole. */
  readonly service: string;
  readonly timeoutMs: number;
}

/** Asks once over a connection of its own. Never rejects. */
export async function conditionOf({ address, service, timeoutMs }: Asked): Promise<Condition> {
  const client = new HealthClient(address, grpc.credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
  const check = client.Check as Ask | undefined; // made from the service's definition
  try {
    const { status } = await new Promise<HealthAnswer>((resolve, reject) => {
      const deadline = systemClock.now() + timeoutMs;
      check?.call(client, { service }, { deadline }, (error, answer) => {
        if (error !== null) reject(error);
        else if (answer === undefined) reject(new Error("an answer without a message"));
        else resolve(answer);
      });
    });
    return { kind: status === "SERVING" ? "serving" : "not serving" };
  } catch (error) {
    if (!isServiceError(error)) throw error;
    if (error.code === grpc.status.NOT_FOUND) return { kind: "no such service" };
    return { kind: "unreachable", why: error.details };
  } finally {
    client.close();
  }
}
