/**
 * An API server as far as a new pod is concerned: its own decoding, defaults, chain of admission, validation and Pod
 * Security, in a process that answers questions. What it stores nowhere is all that is missing.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ADMISSION_PROGRAM, admissionSchemas } from "../../../scripts/support/admission.ts";
import type { Manifest } from "../../chart/support/helm.ts";

/** What whoever sends an object is told, and what would be stored. A list that is absent is empty. */
export interface Outcome {
  /** Fields that no such object has. */
  readonly unknown?: string;
  readonly invalid?: readonly string[];
  /** Admission's "no", in its own words. */
  readonly refused?: string;
  readonly warnings?: readonly string[];
  /** Of the "restricted" Pod Security Standard. */
  readonly violations?: readonly string[];
  readonly object?: Manifest;
}

export interface Cluster {
  readonly objects: readonly Manifest[];
  /** "namespace/name:port" to "host:port". */
  readonly services?: Readonly<Record<string, string>>;
  /** Another mutating webhook: puts in containers that are not there yet. */
  readonly neighbour?: {
    readonly name: string;
    /** An old one: takes `restartPolicy` from init containers, since it does not know it. */
    readonly strips?: boolean;
    readonly initContainers?: readonly object[];
    readonly containers?: readonly object[];
  };
}

/** Kinds that decide about pods; whatever else a chart renders is for controllers that are not there. */
const KINDS = /^(Namespace|Mutating(WebhookConfiguration|AdmissionPolicy\w*)|ValidatingAdmissionPolicy\w*)$/;

/** Kept of what it logs, for a fault. */
const LOG_CHARACTERS_MAX = 20_000;

export class ApiServer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #asked = new Map<number, { resolve(outcome: Outcome): void; reject(error: Error): void }>();
  #last = 0;
  #log = "";

  constructor() {
    this.#process = spawn(ADMISSION_PROGRAM, [admissionSchemas()], { stdio: "pipe" });
    this.#process.stderr.on("data", (text) => {
      this.#log = `${this.#log}${text}`.slice(-LOG_CHARACTERS_MAX);
    });
    createInterface({ input: this.#process.stdout }).on("line", (line) => {
      const { id, fault, result } = JSON.parse(line);
      const asked = this.#asked.get(id);
      this.#asked.delete(id);
      if (fault === undefined) asked?.resolve(result);
      else asked?.reject(new Error(fault));
    });
    const end = (why: string) => {
      for (const { reject } of this.#asked.values()) reject(new Error(`${why}\n${this.#log}`));
      this.#asked.clear();
    };
    this.#process.on("error", (error) => end(error.message));
    this.#process.on("close", (code) => end(`the API server ended with ${code}`));
  }

  /** Replaces everything. @throws where an object would not have been taken. */
  async setUp({ objects, services = {}, neighbour }: Cluster): Promise<void> {
    const deciding = objects.filter(({ kind }) => KINDS.test(kind));
    const { unknown, invalid } = await this.#ask({ setUp: { objects: deciding, services, neighbour } });
    if (unknown || invalid) throw new Error([unknown, ...(invalid ?? [])].join("\n"));
  }

  create(namespace: string, pod: Manifest): Promise<Outcome> {
    return this.#ask({ pod: { namespace, pod: { apiVersion: "v1", kind: "Pod", ...pod } } });
  }

  /** What is wrong with an object, whatever its kind. */
  check(object: Manifest): Promise<Outcome> {
    return this.#ask({ check: object });
  }

  /** Ends when the last question is answered. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const closed = new Promise((resolve) => this.#process.once("close", resolve));
    this.#process.stdin.end();
    await closed;
  }

  #ask(question: object): Promise<Outcome> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#process.stdin.write(`${JSON.stringify({ id, ...question })}\n`);
    });
  }
}
