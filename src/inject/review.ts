/** AdmissionReview v1 of admission.k8s.io: what the API server asks, and what it wants to hear. */
import * as z from "zod";
import { type Decision, decide } from "./decide.ts";
import type { Template } from "./template.ts";

const review = z.looseObject({
  apiVersion: z.literal("admission.k8s.io/v1"),
  kind: z.literal("AdmissionReview"),
  request: z.looseObject({
    uid: z.string().min(1),
    kind: z.looseObject({ group: z.string().default(""), version: z.string(), kind: z.string() }),
    operation: z.string(),
    namespace: z.string().default(""),
    name: z.string().default(""),
    object: z.unknown(),
  }),
});

type Request = z.infer<typeof review>["request"];

interface Response {
  readonly uid: string;
  readonly allowed: boolean;
  readonly patchType?: "JSONPatch";
  /** In base64. */
  readonly patch?: string;
  readonly warnings?: readonly string[];
  readonly status?: { readonly code: number; readonly reason: string; readonly message: string };
}

export interface Reviewed {
  readonly answer: { readonly apiVersion: string; readonly kind: string; readonly response: Response };
  readonly decision: Decision;
  readonly request: Request;
}

/** Longest a warning may be before the API server cuts it, in characters, and all of them together. */
const WARNING_LENGTH_MAX = 256;
const WARNINGS_LENGTH_MAX = 4096;
const FORBIDDEN = 403;

/** Undefined for a text that is no AdmissionReview v1: there is no uid to answer to. */
export function answer(text: string, template: Template): Reviewed | undefined {
  const request = read(text);
  if (request === undefined) return undefined;
  const decision = decideAbout(request, template);
  const { apiVersion, kind } = { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview" };
  return { answer: { apiVersion, kind, response: responseTo(request, decision) }, decision, request };
}

function read(text: string): Request | undefined {
  try {
    return review.parse(JSON.parse(text)).request;
  } catch {
    return undefined;
  }
}

function decideAbout(request: Request, template: Template): Decision {
  const { group, version, kind } = request.kind;
  const isNewPod = group === "" && version === "v1" && kind === "Pod" && request.operation === "CREATE";
  return isNewPod ? decide(request.object, template) : { kind: "leave", why: "no new pod", warnings: [] };
}

function responseTo({ uid }: Request, decision: Decision): Response {
  if (decision.kind === "refuse") {
    const message = `onceward cannot be put into this pod: ${decision.why}`;
    return { uid, allowed: false, status: { code: FORBIDDEN, reason: "Forbidden", message } };
  }
  const warnings = shortened(decision.warnings);
  const told = warnings.length === 0 ? {} : { warnings };
  if (decision.kind === "leave") return { uid, allowed: true, ...told };
  const patch = Buffer.from(JSON.stringify(decision.patch)).toString("base64");
  return { uid, allowed: true, patchType: "JSONPatch", patch, ...told };
}

function shortened(warnings: readonly string[]): string[] {
  const most = Math.floor(WARNINGS_LENGTH_MAX / WARNING_LENGTH_MAX);
  return warnings.slice(0, most).map((text) => `onceward: ${text}`.slice(0, WARNING_LENGTH_MAX));
}
