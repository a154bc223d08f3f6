interface CountKind {
  /** Section of the closing table. */
  readonly at: "sidecar" | "ledger" | "sender";
  readonly label: string;
  /** For the story of one event. */
  readonly word: string;
}

/** What is counted while deliveries are handled. */
export const COUNTS = {
  started: { at: "sidecar", word: "started", label: "started" },
  resumed: { at: "sidecar", word: "resumed its attempt", label: "resumed, the reply was lost" },
  "taken-over": { at: "sidecar", word: "took over", label: "taken over from a lost client" },
  replayed: { at: "sidecar", word: "replayed", label: "replayed" },
  "in-progress": { at: "sidecar", word: "in progress", label: "in progress, come back later" },
  gap: { at: "sidecar", word: "not its turn: handed back", label: "not its turn (GAP), handed back" },
  stale: { at: "sidecar", word: "its place is past: dropped", label: "its place is past (STALE), dropped" },
  mismatched: { at: "sidecar", word: "refused: other payload", label: "refused, other payload" },
  unresolved: { at: "sidecar", word: "unresolved", label: "unresolved, under HOLD" },
  "settled-succeeded": {
    at: "sidecar",
    word: "operator finds it in the file: SUCCEEDED",
    label: "operator: SUCCEEDED",
  },
  "settled-retry": { at: "sidecar", word: "operator does not find it in the file: RETRY", label: "operator: RETRY" },
  stored: { at: "sidecar", word: "completed", label: "completed" },
  "stored-late": { at: "sidecar", word: "completed late", label: "completed late" },
  "already-stored": { at: "sidecar", word: "already stored", label: "already stored, the reply was lost" },
  fenced: { at: "sidecar", word: "fenced", label: "fenced, no longer its turn" },
  "call-repeated": { at: "sidecar", word: "called again", label: "calls made again, no answer" },
  appended: { at: "ledger", word: "appended", label: "appended" },
  "refused-by-target": { at: "ledger", word: "the ledger refused its old token", label: "refused, an older token" },
  "asked-there": { at: "ledger", word: "asked the ledger: there", label: "asked first: there, not run" },
  "asked-absent": { at: "ledger", word: "asked the ledger: not there", label: "asked first: not there, run" },
  skipped: { at: "sender", word: "skipped: marked", label: "skipped, the id was marked" },
  "skipped-older": { at: "sender", word: "skipped: older", label: "skipped, a later one was noted" },
  "timed-out": { at: "sender", word: "sender timed out", label: "timed out at the sender" },
} as const satisfies Record<string, CountKind>;

export type Count = keyof typeof COUNTS;
export type Counts = Partial<Record<Count, number>>;
// Object.keys loses the names; the table above is closed.
export const COUNT_NAMES = Object.keys(COUNTS) as Count[];
