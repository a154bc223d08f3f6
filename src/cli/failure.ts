/** What a failed call means for whoever typed it: one clear line that says what, where and what to do. */
import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { CommandFailed, EXIT, type ExitCode } from "./exit.ts";
import { printable, roughly } from "./format.ts";
import type { ConnectionOptions } from "./options.ts";
import { detailsOf, type StatusDetails } from "./status-details.ts";

interface Asked extends ConnectionOptions {
  /** Of the call, ms. */
  readonly deadlineMs: number;
  /** Options that the command made up and that a repeat has to carry. */
  readonly repeatWith?: string | undefined;
}

export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "metadata" in error && error.metadata instanceof Metadata && "code" in error;
}

/** How a failed call ends the command: the status, and what people are told, one line each. */
export function failureOf(error: ServiceError, asked: Asked): CommandFailed {
  const details = detailsOf(error.metadata);
  const lines = linesOf(error, details, asked).map(printable);
  return new CommandFailed(exitCodeOf(error, details), lines, error);
}

function exitCodeOf({ code }: ServiceError, { retryAfterMs }: StatusDetails): ExitCode {
  switch (code) {
    case status.INVALID_ARGUMENT:
    case status.FAILED_PRECONDITION:
    case status.UNAUTHENTICATED:
    case status.PERMISSION_DENIED:
      return EXIT.usage;
    case status.RESOURCE_EXHAUSTED:
      // Without a time to come back, what is too much is the message itself.
      return retryAfterMs === undefined ? EXIT.usage : EXIT.unavailable;
    case status.UNAVAILABLE:
    case status.DEADLINE_EXCEEDED:
    case status.CANCELLED:
    case status.UNIMPLEMENTED:
      return EXIT.unavailable;
    default:
      return EXIT.defect;
  }
}

function linesOf(error: ServiceError, details: StatusDetails, asked: Asked): string[] {
  const { address, deadlineMs, repeatWith } = asked;
  const again = `call again with the same arguments${repeatWith === undefined ? "" : ` and ${repeatWith}`}`;
  const soon = details.retryAfterMs === undefined ? "" : ` in ${roughly(details.retryAfterMs)}`;
  switch (error.code) {
    case status.INVALID_ARGUMENT:
      return refusals(error, details);
    case status.UNAVAILABLE: {
      // The reason is the sidecar's word: without it, what failed was the way to one.
      if (details.reason === undefined) return [noSidecar(error, asked)];
      const where = details.shard === undefined ? "" : `, shard ${details.shard}`;
      return [`the sidecar at ${address} cannot answer (${error.details}${where}): ${again}${soon}`];
    }
    case status.DEADLINE_EXCEEDED:
    case status.CANCELLED: {
      const late = `no answer from ${address} within ${roughly(deadlineMs)}, whether the call took effect is unknown`;
      return [`${late}: ${again}, perhaps with a longer --timeout`];
    }
    case status.UNIMPLEMENTED:
      return [`what listens at ${address} does not offer this call: is it a sidecar, and of this version?`];
    case status.RESOURCE_EXHAUSTED:
      if (soon !== "") return [`the sidecar at ${address} has too much to do: ${again}${soon}`];
      return [`the sidecar at ${address} refuses: ${error.details}`];
    default: {
      const verb = exitCodeOf(error, details) === EXIT.usage ? "refuses" : "failed";
      return [`the sidecar at ${address} ${verb}: ${error.details}`];
    }
  }
}

/** Every bad field on a line of its own. */
function refusals(error: ServiceError, { violations }: StatusDetails): string[] {
  if (violations.length === 0) return [`the sidecar refuses the request: ${error.details}`];
  return violations.map(({ field, problem }) => `the sidecar refuses ${field}: it ${problem}`);
}

function noSidecar(error: ServiceError, { address }: Asked): string {
  const why = /\bE[A-Z]{4,}\b/.exec(error.details)?.[0];
  const where = `no sidecar answers at ${address}${why === undefined ? "" : ` (${why})`}`;
  return `${where}: start one with "onceward serve", or name another with --address or ONCEWARD_ADDRESS`;
}
