/** What a pod may say about its sidecar, by annotations. */
import * as z from "zod";

export const PREFIX = "onceward.dev/";
/** A label, on the pod or its namespace: what the API server selects by. */
export const INJECT_LABEL = `${PREFIX}inject`;
/** Ours: what was put into the pod, as JSON. */
export const STATUS_ANNOTATION = `${PREFIX}status`;

const truth = z.enum(["true", "false"], "must be true or false").transform((text) => text === "true");
const quantity = z.string().regex(/^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/, "must be a quantity, such as 250m or 128Mi");
const nameOf = (what: string) =>
  z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, `must be the name of a ${what}`);

interface Annotation<T> {
  readonly schema: z.ZodType<T>;
  readonly meaning: string;
}

function annotation<T>(schema: z.ZodType<T>, meaning: string): Annotation<T> {
  return { schema, meaning };
}

/** Every annotation, without its prefix. The table in docs/kubernetes.md is generated from this one. */
export const ANNOTATIONS = {
  store: annotation(
    z.string().min(1, "must be a store, such as redis://host:6379, or embedded"),
    "Where records live, as in `ONCEWARD_STORE`; `embedded` = in the pod itself. Without credentials: see the next.",
  ),
  "store-secret": annotation(
    z
      .string()
      .regex(/^[a-z0-9][-a-z0-9.]*(\/[-._a-zA-Z0-9]+)?$/, "must be a secret's name, or name/key")
      .transform((text) => ({ name: text.split("/")[0] ?? "", key: text.split("/")[1] ?? "store" })),
    "A secret of the pod's namespace that holds the store's URL: `name/key`; the key is `store` unless said.",
  ),
  transport: annotation(
    z.enum(["tcp", "uds"], "must be tcp or uds"),
    "`tcp` on the loopback, or `uds`: a Unix socket in a volume that the containers share.",
  ),
  "native-sidecar": annotation(truth, "`false` = an ordinary container, where a node's kubelet is older than 1.29."),
  position: annotation(
    z.enum(["first", "last"], "must be first or last"),
    "Where among the init containers. Unless said: after those that keep running, before those that end.",
  ),
  "data-volume": annotation(
    nameOf("volume of the pod"),
    "A volume of the pod for an embedded store, such as a StatefulSet's claim, in place of an emptyDir.",
  ),
  "log-level": annotation(
    z.enum(["debug", "info", "warn", "error", "silent"], "must be debug, info, warn, error or silent"),
    "Least severe event that the sidecar logs.",
  ),
  "cpu-request": annotation(quantity, "CPU that the scheduler sets aside for the sidecar."),
  "cpu-limit": annotation(quantity, "CPU that the sidecar may use at most."),
  "memory-request": annotation(quantity, "Memory that the scheduler sets aside for the sidecar."),
  "memory-limit": annotation(quantity, "Memory that the sidecar may use at most."),
} as const satisfies Record<string, Annotation<unknown>>;

type Values = { readonly [Name in keyof typeof ANNOTATIONS]: z.infer<(typeof ANNOTATIONS)[Name]["schema"]> };
export type Wishes = Partial<Values>;

export interface ReadAnnotations {
  readonly wishes: Wishes;
  /** Nothing is done about these; whoever made the pod is told. */
  readonly warnings: readonly string[];
  /** The pod asks for something that cannot be: it is refused. */
  readonly faults: readonly string[];
}

export function readAnnotations(annotations: Readonly<Record<string, string>>): ReadAnnotations {
  const wishes: Record<string, unknown> = {};
  const warnings: string[] = [];
  const faults: string[] = [];
  for (const [full, text] of Object.entries(annotations)) {
    if (!full.startsWith(PREFIX) || full === STATUS_ANNOTATION) continue;
    const name = full.slice(PREFIX.length);
    const known = Object.hasOwn(ANNOTATIONS, name) ? ANNOTATIONS[name as keyof typeof ANNOTATIONS] : undefined;
    if (full === INJECT_LABEL) warnings.push(`${full} is a label, not an annotation: as an annotation it does nothing`);
    else if (known === undefined) warnings.push(`${full} is no annotation of onceward and does nothing: misspelt?`);
    else {
      const result = known.schema.safeParse(text);
      if (result.success) wishes[name] = result.data;
      else faults.push(`${full} ${result.error.issues.map(({ message }) => message).join(", and ")}`);
    }
  }
  if (wishes.store !== undefined && wishes["store-secret"] !== undefined) {
    faults.push(`${PREFIX}store and ${PREFIX}store-secret exclude each other`);
  }
  // Each value was made by the schema of its own name just above.
  return { wishes: wishes as Wishes, warnings, faults };
}
