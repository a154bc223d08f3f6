import { Command } from "ioredis";
import { invariant } from "../../base/assert.ts";

/**
 * A command of whatever name, written beforehand as it goes out. It goes out once, and lets go of its bytes then: in a
 * sidecar commands that had been answered were still in memory when the old generation was collected next, and what
 * they held with them.
 */
export class Encoded extends Command {
  #bytes: Buffer | undefined;

  constructor(name: string, bytes: Buffer) {
    super(name, [], { replyEncoding: null });
    this.#bytes = bytes;
  }

  override toWritable(): Buffer {
    const bytes = this.#bytes;
    // The driver would wait for a reply to nothing, and take the next one for it.
    invariant(bytes !== undefined, "a command is sent once");
    this.#bytes = undefined;
    return bytes;
  }
}
