import { monotonicMs } from "../../base/clock.ts";
import { every } from "../../base/wait.ts";
import { paint, print } from "../output.ts";
import type { Books } from "./books.ts";
import { COUNT_NAMES, COUNTS } from "./counts.ts";
import { FAULT_NAMES, FAULTS } from "./faults.ts";

/** Shows a run while it goes on. */
export interface Display {
  /** A line that stays. */
  line(text: string): void;
  begin(): void;
  progress(books: Books, done: { readonly settled: number; readonly total: number }): void;
  end(): void;
}

export const silentDisplay: Display = { line() {}, begin() {}, progress() {}, end() {} };

/** How often the live lines are drawn anew, ms: faster is not read. */
const REDRAW_MS = 100;
/** How often a line of progress is printed where nothing can be drawn anew, ms. */
const REPORT_MS = 2000;
const BAR_WIDTH = 24;
/** What is drawn where a terminal does not tell its width, or a silly one. */
const WIDTH_MIN = 40;

/** What a status line can hold of a run. */
interface State {
  readonly since: number;
  settled: number;
  total: number;
  books: Books | undefined;
}

/** A few lines at the end of a terminal, drawn anew; everything else scrolls above them. */
export function liveDisplay(out: NodeJS.WriteStream): Display {
  let state: State | undefined;
  let drawn = 0;
  let stop: () => void = () => undefined;
  /** In one write, so that it does not flicker. */
  const draw = (above = "") => {
    const erased = drawn > 0 ? `\u001b[${drawn}A\u001b[J` : "";
    const lines = state === undefined ? [] : statusLines(state, Math.max(WIDTH_MIN, (out.columns ?? 0) - 1));
    drawn = lines.length;
    out.write(erased + above + lines.map((line) => `${line}\n`).join(""));
  };
  return {
    line: (text) => draw(`${text}\n`),
    begin() {
      state = { since: monotonicMs(), settled: 0, total: 0, books: undefined };
      draw();
      stop = every(REDRAW_MS, draw);
    },
    progress(books, { settled, total }) {
      if (state !== undefined) Object.assign(state, { books, settled, total });
    },
    end() {
      stop();
      state = undefined;
      draw();
    },
  };
}

/** Plain lines, a new one now and then: for a pipe or a log. */
export function plainDisplay(): Display {
  let state: State | undefined;
  let printed: number | undefined;
  return {
    line: print,
    begin() {
      state = { since: monotonicMs(), settled: 0, total: 0, books: undefined };
      printed = undefined;
    },
    progress(books, { settled, total }) {
      if (state === undefined) return;
      Object.assign(state, { books, settled, total });
      printed ??= monotonicMs();
      if (monotonicMs() - printed < REPORT_MS) return;
      printed = monotonicMs();
      print(`  ${settled} of ${total} deliveries answered, ${books.counts.appended ?? 0} effects`);
    },
    end() {
      state = undefined;
    },
  };
}

function statusLines({ since, settled, total, books }: State, width: number): string[] {
  const seconds = ((monotonicMs() - since) / 1000).toFixed(1);
  if (books === undefined) return [paint("quiet", `  the client processes start, ${seconds} s`)];
  const part = Math.round((settled / total) * BAR_WIDTH);
  const bar = "█".repeat(part) + "░".repeat(BAR_WIDTH - part);
  const counts = COUNT_NAMES.filter((name) => books.counts[name]).map(
    (name) => `${COUNTS[name].word} ${books.counts[name]}`,
  );
  const faults = FAULT_NAMES.filter((name) => books.struck[name]).map(
    (name) => `${FAULTS[name].label} ${books.struck[name]}`,
  );
  const lines = [...wrapped(["answers", ...counts], width), ...wrapped(["faults", ...faults], width)];
  const head = `  ${bar}  ${settled} of ${total} deliveries answered, ${seconds} s`.slice(0, width);
  return [head, ...lines.map((line) => paint("quiet", line))];
}

/** As many parts on a line as fit. */
function wrapped(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = last === undefined ? `  ${part}` : `${last} · ${part}`;
    if (last === undefined || longer.length > width) lines.push(`    ${part}`.slice(last === undefined ? 2 : 0));
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line) => line.slice(0, width));
}
