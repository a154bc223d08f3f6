import { type Clients, openClients } from "./client.ts";
import { failureOf, isServiceError } from "./failure.ts";
import type { ConnectionOptions } from "./options.ts";

interface Extra {
  /** How long the sidecar is asked to wait, ms: on top of the time it may take to answer. */
  readonly waitMs?: number | undefined;
  /** Options that the command made up and that a repeat has to carry, for the message if there is no answer. */
  readonly repeatWith?: string | undefined;
}

/**
 * Connects, asks, disconnects.
 * @throws {CommandFailed} in words for people, when there is no answer or it is an error.
 */
export async function ask<Answer>(
  options: ConnectionOptions,
  act: (clients: Clients, deadlineMs: number) => Promise<Answer>,
  { waitMs = 0, repeatWith }: Extra = {},
): Promise<Answer> {
  const deadlineMs = options.timeout + waitMs;
  const clients = openClients(options.address);
  try {
    return await act(clients, deadlineMs);
  } catch (error) {
    throw isServiceError(error) ? failureOf(error, { ...options, deadlineMs, repeatWith }) : error;
  } finally {
    clients.close();
  }
}
