/** What the chart says is put into pods: the sidecar in each of its shapes, rendered by the library chart. */
import { createHash } from "node:crypto";
import * as z from "zod";

const named = z.looseObject({ name: z.string() });
const sidecar = z.looseObject({
  name: z.literal("onceward"),
  image: z.string().min(1),
  env: z.array(named),
  ports: z.array(z.looseObject({ containerPort: z.number() })),
  resources: z.looseObject({
    requests: z.record(z.string(), z.string()).optional(),
    limits: z.record(z.string(), z.string()).optional(),
  }),
  volumeMounts: z.array(named).optional(),
});
const variant = z.strictObject({
  sidecar,
  legacySidecar: sidecar,
  volumes: z.array(named).default([]),
  appEnv: z.array(named),
  appVolumeMounts: z.array(named).default([]),
});
const template = z.strictObject({
  version: z.string().min(1),
  /** Whether a pod that does not say gets a native sidecar. */
  native: z.boolean(),
  /** What a pod that does not say gets. */
  transport: z.enum(["tcp", "uds"]),
  /** Whether a pod that does not say keeps its records in itself. */
  isEmbedded: z.boolean(),
  /** The platform knows that an embedded store is one per pod: no warning. */
  acknowledgedPerPod: z.boolean(),
  podLabels: z.record(z.string(), z.string()),
  embedded: z.strictObject({ url: z.string(), volumes: z.array(named), volumeMounts: z.array(named).length(1) }),
  variants: z.strictObject({ tcp: variant, uds: variant }),
});

export type Sidecar = z.infer<typeof sidecar>;
export type Variant = z.infer<typeof variant>;
export type Template = z.infer<typeof template> & {
  /** Tells one template from another; on every pod that was made from it. */
  readonly hash: string;
};

/** @throws {Error} in one line that says what is wrong with the text. */
export function readTemplate(text: string): Template {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new Error("the template is no JSON", { cause });
  }
  const result = template.safeParse(content);
  if (!result.success) {
    const issues = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new Error(`the template is not one of this version: ${issues.join("; ")}`);
  }
  return { ...result.data, hash: createHash("sha256").update(text).digest("hex").slice(0, 16) };
}
