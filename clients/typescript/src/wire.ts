/** The methods of the contract as bytes. */
import { type Channel, type InterceptingListener, Metadata, type StatusObject, status } from "@grpc/grpc-js";

const SERVICE = "/onceward.v1.IdempotencyService/";

export type Rpc = "Begin" | "Complete" | "Get" | "Renew" | "Checkpoint" | "Release" | "BeginBatch" | "CompleteBatch";

interface Sent {
  readonly rpc: Rpc;
  readonly message: Buffer;
  /** ms since 1970. */
  readonly deadline: number;
}

/** How a message ended: its answer, or why there is none. */
type Done = (answer: Buffer | StatusObject) => void;

/**
 * A message and its answer; what it returns can be cancelled. Straight on the channel: the layers that grpc-js puts
 * before it for interceptors, streams and serializers of others cost a message 15 % more, and there are none here.
 */
export function send(channel: Channel, { rpc, message, deadline }: Sent, done: Done): { cancel(): void } {
  const call = channel.createCall(SERVICE + rpc, deadline, undefined, null, undefined);
  const cancel = (code: status, why: string) => call.cancelWithStatus(code, why);
  call.start(new Metadata(), new OneAnswer(done, cancel));
  call.sendMessageWithContext({}, message);
  call.halfClose();
  call.startRead();
  return { cancel: () => cancel(status.CANCELLED, "nobody waits for it any more") };
}

/** Takes the one message that answers a unary call, and lets go of it: grpc-js keeps its listeners for a while. */
class OneAnswer implements InterceptingListener {
  #answer: Buffer | undefined;
  #done: Done | undefined;
  readonly #cancel: (code: status, why: string) => void;

  constructor(done: Done, cancel: (code: status, why: string) => void) {
    this.#done = done;
    this.#cancel = cancel;
  }

  onReceiveMetadata(): void {}

  onReceiveMessage(message: Buffer): void {
    if (this.#answer === undefined) this.#answer = message;
    else this.#cancel(status.UNIMPLEMENTED, "more than one answer to one message");
  }

  onReceiveStatus(ended: StatusObject): void {
    const [answer, done] = [this.#answer, this.#done];
    this.#answer = undefined;
    this.#done = undefined;
    if (ended.code !== status.OK) done?.(ended);
    else done?.(answer ?? { ...ended, code: status.UNIMPLEMENTED, details: "no answer in the message" });
  }
}
