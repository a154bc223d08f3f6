import { Command } from "commander";
import { systemClock } from "../../base/clock.ts";
import type { Reservation__Output } from "../../transport/grpc/gen/onceward/v1/Reservation.ts";
import type * as message from "../../transport/grpc/gen/onceward/v1/SequenceServiceGetResponse.ts";
import { call } from "../client.ts";
import { EXIT, exiting } from "../exit.ts";
import { localTime, msOf, relative, roughly } from "../format.ts";
import { withExample } from "../options.ts";
import { answer, type Field, labelled } from "../output.ts";
import { ask } from "../sidecar.ts";
import { headline, no, yes } from "../verdict.ts";
import { type StreamOptions, streamFields, withStream } from "./options.ts";

export function getCommand(): Command {
  const command = withStream(new Command("get")).description("Shows where a stream stands; changes nothing.");
  command.addHelpText("after", "\nExit status: 0 if the stream is known, 1 otherwise.");
  return withExample(command, "onceward sequence get order-17 --namespace shop").action(exiting(get));
}

async function get(stream: string, options: StreamOptions) {
  const request = { namespace: options.namespace, stream };
  const response = await ask(options, ({ sequences }, deadlineMs) =>
    call(sequences, sequences.get, request, deadlineMs),
  );
  answer(response, options, () => {
    const fields = labelled([...streamFields(stream, options, lastOf(response)), ...fieldsOf(response)]);
    const known = response.found ? headline("FOUND", yes("the stream is known")) : headline("NOT_FOUND", UNKNOWN);
    return `${known}\n${fields}`;
  });
  return response.found ? EXIT.done : EXIT.no;
}

const UNKNOWN = no("nothing was ever begun in it, or its state was lost", "quiet");

function lastOf({ found, last }: message.SequenceServiceGetResponse__Output): string | undefined {
  return found ? (last ?? "none, it stands before place 0") : undefined;
}

function fieldsOf({ found, epoch, reservation, updatedAt }: message.SequenceServiceGetResponse__Output): Field[] {
  if (!found) return [];
  const at = updatedAt === null ? undefined : msOf(updatedAt);
  return [
    epoch === "0" ? undefined : ["epoch", epoch],
    reservation === null ? undefined : ["held", heldFor(reservation)],
    at === undefined ? undefined : ["changed", `${localTime(at)} (${relative(at, systemClock.now())})`],
  ];
}

function heldFor({ sequence, leaseMs, revoked }: Reservation__Output): string {
  if (revoked) return `${sequence}, and moves nothing: its place was taken away; others wait for its lease to end`;
  if (leaseMs === "0")
    return `${sequence}, its lease has lapsed: whoever may take it over begins it again, or an operator resolves it`;
  return `${sequence}, its lease ends in ${roughly(Number(leaseMs))}`;
}
