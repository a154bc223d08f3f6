import { type FileHandle, open } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { onLine } from "./lines.ts";

/**
 * The system that the effect happens in. It plays the database of a real service: one table of effects, here a file
 * that is appended to and synced, and one column with the highest fencing token seen for each event.
 *
 * It does not deduplicate: the same event sent twice is written twice. All it does for its callers is to compare
 * tokens, where a caller sends one, and to answer whether an event is there.
 */
export interface Target {
  /** Finishes what it was asked for. Safe to call twice. */
  close(): Promise<void>;
}

export type TargetRequest =
  /** Appends a line. With a token: unless a higher one has been seen for the event. */
  | { readonly op: "append"; readonly event: string; readonly line: string; readonly token?: string }
  /** Raises the event's token, so that no older attempt can append any more, and says whether the event is there. */
  | { readonly op: "look"; readonly event: string; readonly token: string };

/** `receipt`: number of the event's line in the file, the first if there are several. */
export type TargetAnswer =
  | { readonly kind: "done"; readonly receipt: number }
  | { readonly kind: "refused"; readonly token: string }
  | { readonly kind: "there"; readonly receipt: number }
  | { readonly kind: "absent" };

export interface Numbered<T> {
  readonly id: number;
  readonly body: T;
}

export async function openTarget(options: { readonly file: string; readonly socket: string }): Promise<Target> {
  const file = await open(options.file, "ax");
  const table = new Table(file);
  const callers = new Set<Socket>();
  const server = createServer((caller) => {
    callers.add(caller);
    caller.on("close", () => callers.delete(caller));
    // A caller that was killed; what it had asked for is done all the same.
    caller.on("error", () => caller.destroy());
    onLine(caller, (line) => {
      const { id, body }: Numbered<TargetRequest> = JSON.parse(line);
      table.ask(body).then(
        (answer) => caller.write(`${JSON.stringify({ id, body: answer })}\n`),
        (error: unknown) => caller.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(options.socket, resolve));
  let closing: Promise<void> | undefined;
  const close = async () => {
    for (const caller of callers) caller.destroy();
    await new Promise((resolve) => server.close(resolve));
    await table.close();
  };
  return {
    close() {
      closing ??= close();
      return closing;
    },
  };
}

class Table {
  readonly #file: FileHandle;
  readonly #tokens = new Map<string, bigint>();
  readonly #receipts = new Map<string, number>();
  #lines = 0;
  /** One request at a time: comparing and writing are one step. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: FileHandle) {
    this.#file = file;
  }

  ask(request: TargetRequest): Promise<TargetAnswer> {
    const answer = this.#last.then(() => (request.op === "look" ? this.#look(request) : this.#append(request)));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#file.close();
  }

  #look({ event, token }: { event: string; token: string }): TargetAnswer {
    const newest = this.#raise(event, token);
    if (newest !== undefined) return { kind: "refused", token: newest };
    const receipt = this.#receipts.get(event);
    return receipt === undefined ? { kind: "absent" } : { kind: "there", receipt };
  }

  async #append({ event, line, token }: { event: string; line: string; token?: string }): Promise<TargetAnswer> {
    const newest = token === undefined ? undefined : this.#raise(event, token);
    if (newest !== undefined) return { kind: "refused", token: newest };
    await this.#file.appendFile(line);
    await this.#file.datasync();
    this.#lines += 1;
    const receipt = this.#lines;
    if (!this.#receipts.has(event)) this.#receipts.set(event, receipt);
    return { kind: "done", receipt };
  }

  /** The event's token, if it is higher than this one; otherwise this one becomes the event's. */
  #raise(event: string, token: string): string | undefined {
    const newest = this.#tokens.get(event) ?? 0n;
    if (newest > BigInt(token)) return String(newest);
    this.#tokens.set(event, BigInt(token));
    return undefined;
  }
}
