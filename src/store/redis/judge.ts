/**
 * Whether a shard may be served, decided from what was seen of it, of the others, and what this process remembers.
 *
 * The stamp follows from the shards' names, so a shard that is new under its name changes the table, and with it every
 * stamp. From that:
 * - Another stamp anywhere: some sidecars go by another table. Nobody with this one may serve, or one address would
 *   have two winners.
 * - Our stamp, whole, of a table that is won, and the generation we knew: serve. A shard that is down does not matter
 *   to this one.
 * - Every shard of the table seen, each empty or stamped in a table that is not won yet: nobody has used this table.
 *   Claim the first empty one, in the order of names: two tables meet on the first shard they share, and only one
 *   goes on from there.
 * - Our stamp, in a table that is not won yet: once all shards carry it the table is won, and each marker says so.
 *   Nothing is served before. Who loses the race leaves its stamps where they are.
 * - Empty beside a shard of a table that is won: it cannot be new, so it has lost its data, or what was seen of it is
 *   old. A second look a moment later tells these apart.
 * - Empty, no stamped shard in sight, and some shard not seen yet: the unseen one may carry another stamp (stamping
 *   here would claim somebody else's shard) or ours (then this one lost its data). Wait, and serve nothing from here.
 * - Not whole, or not the data we knew: acknowledged writes are gone. That is a loss, and told as one.
 *
 * What cannot be told: a store of one shard that was emptied while no sidecar was running looks like a new one.
 */
import { assertNever } from "../../base/assert.ts";
import { type DurationMs, type EpochMs, epochMs } from "../../base/units.ts";
import type { Persistence, ServerFacts } from "./inspect.ts";
import { ACCEPT_LOSS_KEY } from "./keys.ts";
import { isOfWonTable, type Look, type Sight } from "./look.ts";

/** What a process knows of a shard that it has served. */
export interface Memory {
  readonly generation: string;
  readonly runId: string;
  readonly persistence: Persistence | undefined;
  /** What was written before is in a snapshot that the server has taken; 0 = not known. */
  readonly snapshotAt: EpochMs;
  /** When the shard last answered with its data, by the wall clock: for gap windows, not for deciding. */
  readonly seenAt: EpochMs;
  /** How long ago that was, by a clock that never steps. */
  readonly seenAgoMs: number;
}

export interface Situation {
  readonly look: Pick<Look, "sight" | "facts" | "findings" | "acceptLoss">;
  readonly memory: Memory | undefined;
  /** How many slots' last token is below one that this process was given, and the time of the lowest of those. */
  readonly fellBack: { readonly slots: number; readonly since: EpochMs };
  /** The other shards' sights. */
  readonly others: readonly Sight[];
  /** Those of them that come before this one in the table's order. */
  readonly before: readonly Sight[];
  /** The look before this one found it empty too. */
  readonly stillEmpty: boolean;
  readonly strict: boolean;
}

/** What may be gone, for a gap window. */
export interface Told {
  readonly what: string;
  /** Of all that was acknowledged from here on; 0 = of all that ever was. */
  readonly from: EpochMs;
}

export type Verdict =
  /** `win`: say that the table is won, then serve. `loss` undefined = nothing is gone. */
  | { readonly kind: "serve" | "win"; readonly loss: Told | undefined }
  /** Stamp anew after a loss; then serve, where the table is known to be won. */
  | { readonly kind: "stamp"; readonly loss: Told; readonly tableWon: boolean }
  /** Stamp for the first time, and look again. */
  | { readonly kind: "claim" }
  /** Look again: soon when a moment may tell, else when another shard has been seen. */
  | { readonly kind: "wait"; readonly reason: string; readonly soon: boolean }
  | { readonly kind: "refuse"; readonly reason: string };

/** A restart takes a moment; a server that has run longer than we have not seen the shard was never our server. */
const RESTART_SLACK_MS = 2000 as DurationMs;

/** How long a log may stay unsynced, ms: every second is worst two; else as the system likes, about half a minute. */
const UNSYNCED_MS = { aof_everysec: 2000, aof_no: 60_000, aof_unknown: 60_000 } as const;

/** Start of a gap of which nobody knows when it began. */
const UNKNOWN = epochMs(0);

export function judge(situation: Situation): Verdict {
  const { look, others, strict } = situation;
  const { sight } = look;
  if (sight.kind === "foreign") return { kind: "refuse", reason: sight.what };
  const blocking = look.findings.filter(({ code }) => code !== "CLOCK_SKEW");
  if (strict && blocking.length > 0) {
    return { kind: "refuse", reason: `strict: ${blocking.map(({ message }) => message).join("; ")}` };
  }
  if ((sight.kind !== "ours" || !sight.tableWon) && others.some(({ kind }) => kind === "foreign")) {
    return {
      kind: "wait",
      reason: "another shard carries another table's stamp, so this one is neither stamped nor served",
      soon: false,
    };
  }
  const loss = lossOf(situation);
  if (loss === undefined) return judgeWithoutLoss(situation);
  const accepted = look.acceptLoss || (sight.kind === "ours" && sight.accepted && loss.stampedAnew);
  if (strict && loss.proven && !accepted) {
    const remedy = `to go on without it, SET ${ACCEPT_LOSS_KEY} yes on this shard`;
    return { kind: "refuse", reason: `strict: ${loss.what}; ${remedy}` };
  }
  const told: Told = { what: loss.what, from: loss.from };
  const tableWon = situation.memory !== undefined || [sight, ...others].some(isOfWonTable);
  if (!loss.stampedAnew && loss.proven) return { kind: "stamp", loss: told, tableWon };
  return { kind: isOfWonTable(sight) ? "serve" : "win", loss: told };
}

function judgeWithoutLoss({ look, memory, others, before }: Situation): Verdict {
  const isOurs = ({ kind }: Sight) => kind === "ours";
  switch (look.sight.kind) {
    case "ours":
      if (look.sight.tableWon) return { kind: "serve", loss: undefined };
      if (memory !== undefined || others.some(isOfWonTable) || others.every(isOurs)) {
        return { kind: "win", loss: undefined };
      }
      return { kind: "wait", reason: "not every shard of the table has been seen stamped yet", soon: false };
    case "empty":
      if (others.every((sight) => sight.kind === "empty" || (isOurs(sight) && !isOfWonTable(sight)))) {
        if (before.every(isOurs)) return { kind: "claim" };
        return { kind: "wait", reason: "the shards before it in the table are to be stamped first", soon: false };
      }
      if (others.some(isUsed)) {
        return { kind: "wait", reason: "it is empty beside shards that are not; looking twice", soon: true };
      }
      return { kind: "wait", reason: "it is empty, and not every shard of the table has been seen yet", soon: false };
    default:
      return { kind: "wait", reason: "it has not been seen", soon: true };
  }
}

interface Loss extends Told {
  /** Acknowledged writes are gone, not only perhaps. */
  readonly proven: boolean;
  /** Somebody else has noticed, and has stamped the shard since. */
  readonly stampedAnew: boolean;
}

function lossOf(situation: Situation): Loss | undefined {
  const { look, memory, fellBack, others, stillEmpty } = situation;
  const { sight } = look;
  const lost = (what: string, from = UNKNOWN): Loss => ({ what, from, proven: true, stampedAnew: false });
  switch (sight.kind) {
    case "partial":
      return lost(sight.what);
    case "empty":
      if (memory !== undefined) return lost("all its data is gone");
      return stillEmpty && others.some(isUsed) ? lost("it is empty beside shards that are not") : undefined;
    case "ours":
      if (memory === undefined) return undefined;
      if (sight.generation !== memory.generation) {
        return { ...lost("its data was lost, and another sidecar has stamped it anew"), stampedAnew: true };
      }
      if (fellBack.slots > 0) {
        const what = `the last token of ${fellBack.slots} slots fell back: acknowledged writes are gone`;
        return lost(what, fellBack.since);
      }
      return lossByRestart(look.facts, memory);
    case "unseen":
    case "foreign":
      return undefined;
    default:
      return assertNever(sight);
  }
}

/** Data that is all there may still lack the last writes, which nothing in it shows. */
function lossByRestart(facts: ServerFacts | undefined, memory: Memory): Loss | undefined {
  if (facts === undefined || facts.runId === memory.runId || memory.runId === "") return undefined;
  if (facts.uptimeMs > memory.seenAgoMs + RESTART_SLACK_MS) {
    return { what: "another server answers in its place", from: UNKNOWN, proven: true, stampedAnew: false };
  }
  const perhaps = (what: string, from: EpochMs): Loss => ({ what, from, proven: false, stampedAnew: false });
  switch (memory.persistence) {
    case "aof_always":
      return undefined;
    case "aof_everysec":
    case "aof_no":
    case "aof_unknown": {
      const from = epochMs(Math.max(0, memory.seenAt - UNSYNCED_MS[memory.persistence]));
      return perhaps("it restarted, and its log is not synced at every write: the last ones may be gone", from);
    }
    default:
      return perhaps("it restarted from a snapshot: what was written since may be gone", memory.snapshotAt);
  }
}

/** Somebody has been served from its table: a shard that is new would not be beside it. */
function isUsed(sight: Sight): boolean {
  return sight.kind === "partial" || isOfWonTable(sight);
}
