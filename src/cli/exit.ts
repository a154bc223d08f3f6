/** How a command ends. The statuses above 2 are those of sysexits.h. */
export const EXIT = {
  done: 0,
  /** The sidecar answered, and the answer is no. */
  no: 1,
  usage: 2,
  unavailable: 69,
  defect: 70,
  config: 78,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command before its answer: what people are told, and the exit status. */
export class CommandFailed extends Error {
  readonly exitCode: ExitCode;
  /** One clear line each, without escape codes. */
  readonly lines: readonly string[];

  constructor(exitCode: ExitCode, lines: readonly string[], cause?: unknown) {
    super(lines.join("\n"), { cause });
    this.name = "CommandFailed";
    this.exitCode = exitCode;
    this.lines = lines;
  }
}

/** What was asked for cannot be asked like that. */
export function misuse(line: string, cause?: unknown): CommandFailed {
  return new CommandFailed(EXIT.usage, [line], cause);
}

/** Adapts a command's body to commander: what it resolves to becomes the status of the process. */
export function exiting<Arguments extends unknown[]>(
  body: (...given: Arguments) => Promise<ExitCode>,
): (...given: Arguments) => Promise<void> {
  return async (...given) => {
    process.exitCode = await body(...given);
  };
}

/** Messages are for people and go to stderr; stdout holds the answer only. */
export function say(line: string): void {
  process.stderr.write(`onceward: ${line}\n`);
}
