import { Command } from "ioredis";

const SENT = Buffer.alloc(0);

/**
 * A command of whatever name, written beforehand as it goes out. It goes out once, and lets go of its bytes then: V8 and
 * the driver keep commands that have been answered until the old generation is collected, and what they hold with them.
 */
export class Encoded extends Command {
  #bytes: Buffer;

  constructor(name: string, bytes: Buffer) {
    super(name, [], { replyEncoding: null });
    this.#bytes = bytes;
  }

  override toWritable(): Buffer {
    const bytes = this.#bytes;
    this.#bytes = SENT;
    return bytes;
  }
}
