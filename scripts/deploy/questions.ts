import {
  calls,
  DUPLICATES,
  hitRate,
  notable,
  quantile,
  rate,
  type Scope,
  select,
  unfinished,
  unknownShare,
} from "./expressions.ts";

const HERE: Scope = { all: "", namespaced: "", range: "5m" };

/** What an operator asks, and what answers. */
export const QUESTIONS: readonly (readonly [question: string, expression: string])[] = [
  [
    "How many Begins were duplicates?",
    `sum(${rate("calls", HERE, DUPLICATES)}) / sum(${rate("calls", HERE, calls("Begin"))})`,
  ],
  ["What share was done already and replayed?", hitRate(HERE)],
  ["How many attempts crashed or outlasted their lease?", unknownShare(HERE)],
  ["How many were taken over?", `sum(${rate("notableEvents", HERE, notable("takeover"))})`],
  ["How many zombies were fenced?", `sum(${rate("calls", HERE, calls("Complete", "fenced", "superseded"))})`],
  ["What is stuck?", unfinished(HERE, "unknown|dead_lettered")],
  ["How old is the oldest of it?", `max by (onceward_state) (${select("oldestUnfinished", HERE)})`],
  ["Where does the time go: calls?", quantile(0.99, "rpcDuration", HERE, "rpc.method")],
  ["Where does the time go: store?", quantile(0.99, "storeDuration", HERE, "onceward.transition")],
  ["Where does the time go: waiting?", quantile(0.99, "waitDuration", HERE, "onceward.wait.for")],
  ["Who holds leases for long?", quantile(0.99, "leaseHold", HERE, "onceward.outcome")],
  ["How many are turned away by back-off?", `sum(${rate("calls", HERE, calls("Begin", "backing_off"))})`],
  [
    "What comes out of turn?",
    `sum by (onceward_outcome) (${rate("calls", HERE, calls("Begin", "gap", "stale", "conflict"))})`,
  ],
  ["Is one id asked for again and again?", `max by (onceward_namespace) (${select("topDuplicates", HERE)})`],
];
