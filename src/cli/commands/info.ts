import { Command } from "commander";
import { systemClock } from "../../base/clock.ts";
import { showDuration, showSize } from "../../config/values.ts";
import type { GetServerInfoResponse__Output } from "../../transport/grpc/gen/onceward/v1/GetServerInfoResponse.ts";
import type { LeaseInfo__Output } from "../../transport/grpc/gen/onceward/v1/LeaseInfo.ts";
import { call } from "../client.ts";
import { EXIT, exiting } from "../exit.ts";
import { msOf, printable, relative } from "../format.ts";
import { type ConnectionOptions, withConnection, withExample } from "../options.ts";
import { answer, type Field, labelled, paint } from "../output.ts";
import { ask } from "../sidecar.ts";

export function infoCommand(): Command {
  const command = new Command("info").description("Shows version, store, limits, defaults and known trouble.");
  return withExample(withConnection(command), "onceward info --json").action(exiting(info));
}

async function info(options: ConnectionOptions) {
  const response = await ask(options, ({ admin }, deadlineMs) => call(admin, admin.getServerInfo, {}, deadlineMs));
  answer(response, options, () => labelled(fieldsOf(response)));
  return EXIT.done;
}

function fieldsOf(response: GetServerInfoResponse__Output): Field[] {
  const { version, storeKind, durability, topology, leases, warnings, gapWindows, defaults, limits } = response;
  const now = systemClock.now();
  const ago = (instant: (typeof warnings)[number]["since"]) => (instant === null ? "" : relative(msOf(instant), now));
  return [
    ["version", printable(version)],
    ["store", printable(storeKind)],
    ["durability", printable(durability)],
    ["slots", String(topology?.slots ?? 0)],
    ...(topology?.shards ?? []).map(({ name, state, address }): Field => {
      const shown = paint(state === "SERVING" ? "good" : "bad", state);
      return [`shard ${printable(name)}`, `${shown} ${printable(address)}`];
    }),
    ...leaseFields(leases),
    warnings.length + gapWindows.length === 0 ? (["trouble", "none known"] as const) : undefined,
    ...warnings.map(({ code, message, since }): Field => {
      return ["warning", `${paint("doubtful", printable(code))}: ${printable(message)} (since ${ago(since)})`];
    }),
    ...gapWindows.map(({ shard, beganAt, noticedAt }): Field => {
      const from = beganAt === null ? "an unknown time" : ago(beganAt);
      return ["gap", paint("bad", `writes to shard ${printable(shard)} from ${from} to ${ago(noticedAt)} may be lost`)];
    }),
    ...quantities("default", defaults),
    ...quantities("limit", limits),
  ];
}

function leaseFields(leases: LeaseInfo__Output | null): Field[] {
  if (leases === null) return [];
  const { kind, serving, reason, fence, nodes } = leases;
  return [
    ["leases", `${printable(kind)}${serving ? "" : ` ${paint("bad", "UNAVAILABLE")} ${printable(reason)}`}`],
    ["lease fence", printable(fence)],
    ...nodes.map(({ address, state, reason: why }): Field => {
      const shown = paint(state === "VOTING" ? "good" : "bad", state);
      return ["lease node", `${printable(address)} ${shown} ${printable(why)}`.trimEnd()];
    }),
  ];
}

/** A message of numbers whose names end in their units. */
function quantities(kind: string, message: object | null): Field[] {
  return Object.entries(message ?? {}).map(([name, value]): Field => {
    const [, stem = name, unit] = /^(.*?)(Ms|Bytes)?$/.exec(name) ?? [];
    const words = stem.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    const amount = Number(value);
    const shown = unit === "Ms" ? showDuration(amount) : unit === "Bytes" ? showSize(amount) : String(amount);
    return [`${kind} ${words}`, shown];
  });
}
