/** The program by which tests ask the API server's own code, and what it reads. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./run.ts";

/** The module of Go that it is made from. */
export const ADMISSION_SOURCE = join(ROOT, "test", "k8s-admission");
const BUILT = join(ROOT, "node_modules", ".cache", "admission");

export const ADMISSION_PROGRAM = join(BUILT, "k8s-admission");
/** Says where the schemas lie: they come with the source of Kubernetes, which Go keeps. */
export const ADMISSION_SCHEMAS_FILE = join(BUILT, "schemas");

export function admissionSchemas(): string {
  return readFileSync(ADMISSION_SCHEMAS_FILE, "utf8");
}
