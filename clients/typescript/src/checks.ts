/**
 * Finds everything that is wrong with the arguments of a call before anything is sent. protobufjs refuses nothing: it
 * writes -1 as a huge number, 1.5 as 1, a misspelt enum as the default and half a character as another one.
 */
import { OncewardError, type Violation } from "./errors.ts";

export const UINT64_MAX = 2n ** 64n - 1n;

interface Bounds {
  readonly min: number;
  readonly max: number;
}

export class Checks {
  #violations: Violation[] | undefined;

  refuse(field: string, problem: string): void {
    this.#violations ??= [];
    this.#violations.push({ field, problem });
  }

  /** For another call. */
  clear(): void {
    this.#violations = undefined;
  }

  /** Undefined when all is well. */
  error(): OncewardError | undefined {
    const violations = this.#violations;
    if (violations === undefined) return undefined;
    const what = violations.map(({ field, problem }) => `${field} ${problem}`).join("; ");
    return new OncewardError("INVALID_ARGUMENT", what, { reason: "INVALID_ARGUMENT", violations });
  }

  /** Whether `value` has members; each must be known, lest a misspelt one be left out in silence. */
  members(field: string, value: unknown, known: ReadonlySet<string>): value is object {
    if (typeof value !== "object" || value === null) {
      this.refuse(field === "" ? "options" : field, "must be an object");
      return false;
    }
    for (const name in value) {
      if (!known.has(name)) this.refuse(field === "" ? name : `${field}.${name}`, "is not known");
    }
    return true;
  }

  /** Text that survives the way there and back; bounds in bytes of UTF-8. */
  text(field: string, value: unknown, min: number, max: number): string | undefined {
    if (value === undefined && min === 0) return undefined;
    if (typeof value !== "string") this.refuse(field, value === undefined ? "is required" : "must be a string");
    else if (!value.isWellFormed()) this.refuse(field, "must be well-formed Unicode");
    else if (value.length < min) this.refuse(field, "must not be empty");
    else if (value.length * 3 > max && Buffer.byteLength(value) > max) {
      this.refuse(field, `is ${Buffer.byteLength(value)} bytes long, at most ${max} are allowed`);
    } else return value;
    return undefined;
  }

  /** A copy: what is sent again has to be what was given. */
  bytes(field: string, value: unknown): Buffer | undefined {
    if (value === undefined) return undefined;
    if (typeof value === "string") {
      if (!value.isWellFormed()) this.refuse(field, "must be well-formed Unicode");
      return Buffer.from(value);
    }
    if (value instanceof Uint8Array) return Buffer.from(value);
    this.refuse(field, "must be a Uint8Array or a string");
    return undefined;
  }

  /** Milliseconds; 0 is always good and means the default. */
  duration(field: string, value: unknown, { min, max }: Bounds): number | undefined {
    if (value === undefined || value === 0) return undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
    this.refuse(field, `must be a whole number of milliseconds from ${min} to ${max}, or 0 for the default`);
    return undefined;
  }

  count(field: string, value: unknown, max: number): number | undefined {
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max) return value;
    this.refuse(field, `must be a whole number from 0 to ${max}`);
    return undefined;
  }

  /** A token, a sequence or an epoch. */
  uint64(field: string, value: unknown, max = UINT64_MAX): bigint {
    if (typeof value === "bigint" && value >= 0n && value <= max) return value;
    this.refuse(field, value === undefined ? "is required" : `must be a bigint from 0 to ${max}`);
    return 0n;
  }

  /** The number of an enum's value; 0 = left out, which means the default. */
  choice(field: string, value: unknown, table: Readonly<Record<string, number>>): number {
    if (value === undefined) return 0;
    const number = typeof value === "string" && Object.hasOwn(table, value) ? table[value] : undefined;
    if (number === undefined) this.refuse(field, `must be one of ${Object.keys(table).join(", ")}`);
    return number ?? 0;
  }
}
