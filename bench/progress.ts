const CLEAR_LINE = "\r\u001b[K";

/** What is going on now: one line that is written over on a terminal, and nothing in a pipe but notes. */
export interface Progress {
  show(text: string): void;
  /** Stays. */
  note(text: string): void;
  clear(): void;
}

/** On stderr, so that stdout holds the results alone. */
export function openProgress(out: NodeJS.WriteStream = process.stderr): Progress {
  const clear = () => void (out.isTTY && out.write(CLEAR_LINE));
  return {
    show: (text) => void (out.isTTY && out.write(`${CLEAR_LINE}${text}`)),
    note(text) {
      clear();
      out.write(`${text}\n`);
    },
    clear,
  };
}
