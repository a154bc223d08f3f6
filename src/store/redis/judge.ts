/**
 * Whether a shard may be served, decided from what was seen of it, of the others, and what this process remembers.
 *
 * The stamp follows from the shards' names, so a shard that is new under its name changes the table, and with it every
 * stamp. From that:
 * - Another stamp anywhere: some sidecars go by another table. Nobody with this one may serve, or one address would
 *   have two winners.
 * - Our stamp, whole, and the generation we knew: serve. A shard that is down does not matter to this one.
 * - Empty, and every other shard of the table seen and empty: nobody has used this table yet. Stamp all.
 * - Empty beside a shard that carries our stamp: it cannot be new, so it has lost its data; or somebody is just
 *   stamping the table for the first time. A second look a moment later tells these apart.
 * - Empty, no stamped shard in sight, and some shard not seen yet: the unseen one may carry another stamp (stamping
 *   here would claim somebody else's shard) or ours (then this one lost its data). Wait, and serve nothing from here.
 * - Not whole, or not the data we knew: acknowledged writes are gone. That is a loss, and told as one.
 *
 * What cannot be told: a store of one shard that was emptied while no sidecar was running looks like a new one.
 */
import { assertNever } from "../../base/assert.ts";
import type { DurationMs, EpochMs } from "../../base/units.ts";
import type { Persistence, ServerFacts } from "./inspect.ts";
import { ACCEPT_LOSS_KEY } from "./keys.ts";
import type { Look, Sight } from "./look.ts";

/** What a process knows of a shard that it has served. */
export interface Memory {
  readonly generation: string;
  readonly runId: string;
  readonly persistence: Persistence | undefined;
  /** When the shard last answered with its data. */
  readonly seenAt: EpochMs;
}

export interface Situation {
  readonly look: Pick<Look, "sight" | "facts" | "findings" | "acceptLoss">;
  readonly memory: Memory | undefined;
  /** How many slots' last token is below one that this process was given. */
  readonly fellBack: number;
  /** The other shards' sights. */
  readonly others: readonly Sight[];
  /** All shards of the table have been seen empty at once: this is its first start. */
  readonly firstStart: boolean;
  /** The look before this one found it empty too. */
  readonly stillEmpty: boolean;
  readonly strict: boolean;
  readonly now: EpochMs;
}

export type Verdict =
  /** `loss` says what may be gone, for a gap window; undefined = nothing. */
  | { readonly kind: "serve" | "stamp"; readonly loss: string | undefined }
  /** Look again: soon when a moment may tell, else when another shard has been seen. */
  | { readonly kind: "wait"; readonly reason: string; readonly soon: boolean }
  | { readonly kind: "refuse"; readonly reason: string };

/** A restart takes a moment; a server that has run longer than we have not seen the shard was never our server. */
const RESTART_SLACK_MS = 2000 as DurationMs;

export function judge(situation: Situation): Verdict {
  const { look, others, strict } = situation;
  const { sight } = look;
  if (sight.kind === "foreign") return { kind: "refuse", reason: sight.what };
  const blocking = look.findings.filter(({ code }) => code !== "CLOCK_SKEW");
  if (strict && blocking.length > 0) {
    return { kind: "refuse", reason: `strict: ${blocking.map(({ message }) => message).join("; ")}` };
  }
  if (sight.kind !== "ours" && others.some(({ kind }) => kind === "foreign")) {
    return {
      kind: "wait",
      reason: "another shard carries another table's stamp, so this one is not stamped",
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
  return { kind: loss.stampedAnew || !loss.proven ? "serve" : "stamp", loss: loss.what };
}

function judgeWithoutLoss({ look, others, firstStart }: Situation): Verdict {
  switch (look.sight.kind) {
    case "ours":
      return { kind: "serve", loss: undefined };
    case "empty":
      if (firstStart) return { kind: "stamp", loss: undefined };
      if (others.some(isStamped)) {
        return { kind: "wait", reason: "it is empty beside shards that are not; looking twice", soon: true };
      }
      return { kind: "wait", reason: "it is empty, and not every shard of the table has been seen yet", soon: false };
    default:
      return { kind: "wait", reason: "it has not been seen", soon: true };
  }
}

interface Loss {
  readonly what: string;
  /** Acknowledged writes are gone, not only perhaps. */
  readonly proven: boolean;
  /** Somebody else has noticed, and has stamped the shard since. */
  readonly stampedAnew: boolean;
}

function lossOf(situation: Situation): Loss | undefined {
  const { look, memory, fellBack, others, stillEmpty } = situation;
  const { sight } = look;
  const lost = (what: string): Loss => ({ what, proven: true, stampedAnew: false });
  switch (sight.kind) {
    case "partial":
      return lost(sight.what);
    case "empty":
      if (memory !== undefined) return lost("all its data is gone");
      return stillEmpty && others.some(isStamped) ? lost("it is empty beside shards that are not") : undefined;
    case "ours":
      if (memory === undefined) return undefined;
      if (sight.generation !== memory.generation) {
        return { ...lost("its data was lost, and another sidecar has stamped it anew"), stampedAnew: true };
      }
      if (fellBack > 0) return lost(`the last token of ${fellBack} slots fell back: acknowledged writes are gone`);
      return lossByRestart(look.facts, memory, situation.now);
    case "unseen":
    case "foreign":
      return undefined;
    default:
      return assertNever(sight);
  }
}

/** Data that is all there may still lack the last writes, which nothing in it shows. */
function lossByRestart(facts: ServerFacts | undefined, memory: Memory, now: EpochMs): Loss | undefined {
  if (facts === undefined || facts.runId === memory.runId || memory.runId === "") return undefined;
  if (facts.uptimeMs > now - memory.seenAt + RESTART_SLACK_MS) {
    return { what: "another server answers in its place", proven: true, stampedAnew: false };
  }
  const kept = memory.persistence !== "snapshots" && memory.persistence !== "none";
  return kept ? undefined : { what: "it restarted from a snapshot", proven: false, stampedAnew: false };
}

function isStamped(sight: Sight): boolean {
  return sight.kind === "ours" || sight.kind === "partial";
}
