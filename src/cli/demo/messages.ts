import type { Approach } from "./approaches.ts";
import type { Count } from "./counts.ts";
import type { Point, Strike } from "./faults.ts";

/** What a client process is told once. */
export interface Setup {
  readonly kind: "setup";
  /** Socket of the target. */
  readonly target: string;
  /** Folder of the marks, for the approaches that mark ids. */
  readonly marks: string;
  /** `host:port`; absent in runs without one. */
  readonly sidecar: string | undefined;
  readonly namespace: string;
}

/** Where an event belongs among those of the same issue. */
export interface Place {
  /** Word characters and dashes: also part of a file's name. */
  readonly stream: string;
  /** What people call it. */
  readonly title: string;
  /** 1, 2, 3 …: from the sender's outbox. */
  readonly number: number;
}

/** One webhook, as it reaches a client. */
export interface Job {
  /** Delivery id of the event: GitHub's `X-GitHub-Delivery`. */
  readonly event: string;
  readonly name: string;
  readonly about: string;
  readonly body: string;
  /** Begin with HOLD. */
  readonly hold: boolean;
  /** Absent where order does not matter. */
  readonly place?: Place;
}

export interface Deliver {
  readonly kind: "deliver";
  readonly approach: Approach;
  readonly job: Job;
  /** Where the client stops and asks. */
  readonly stopAt: Point | undefined;
}

/** The answer to `at`. A `kill` has no answer. */
interface GoOn {
  readonly kind: "go-on";
  readonly strike: Strike | undefined;
}

export type ToClient = Setup | Deliver | GoOn;

/** What the sender of a webhook hears. */
export type Answer =
  /** `receipt`: number of the effect's line in the file, as far as the client knows it. */
  | { readonly kind: "done"; readonly receipt: number | undefined }
  | { readonly kind: "again"; readonly afterMs: number }
  | { readonly kind: "refused" }
  | { readonly kind: "unresolved" }
  /** Something that the client could not deal with, such as a call without an answer. */
  | { readonly kind: "failed"; readonly why: string };

export type FromClient =
  | { readonly kind: "ready" }
  | { readonly kind: "at"; readonly point: Point }
  | { readonly kind: "count"; readonly what: Count }
  | { readonly kind: "answer"; readonly answer: Answer };
