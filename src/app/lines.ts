import { writeSync } from "node:fs";

const STDOUT = 1;
/** Lines kept for a reader that is slow to take them; what comes on top is lost. */
const LINES_MAX = 1000;

export interface Lines {
  /** Never throws: a line that nobody takes must not end a call, nor the process. */
  write(line: string): void;
  /** Puts a line before all the others and lets them out. */
  begin(first?: string): void;
}

/**
 * Lines for stdout, held until they begin: programs wait for the first one. Written at once where the reader keeps up,
 * since the line before a crash is the one that matters; a full pipe is tried again with the next line.
 */
export function openLines(out: (bytes: Buffer) => number = (bytes) => writeSync(STDOUT, bytes)): Lines {
  const held: Buffer[] = [];
  let begun = false;
  const flush = () => {
    try {
      for (let line = held[0]; line !== undefined; line = held[0]) {
        const rest = line.subarray(out(line));
        if (rest.length > 0) held[0] = rest;
        else held.shift();
      }
    } catch {
      // The pipe is full, or nobody reads it any more.
    }
  };
  return {
    write(line) {
      if (held.length < LINES_MAX) held.push(Buffer.from(line));
      if (begun) flush();
    },
    begin(first) {
      if (first !== undefined) held.unshift(Buffer.from(first));
      begun = true;
      flush();
    },
  };
}
