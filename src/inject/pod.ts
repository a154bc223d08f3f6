/** The little of a pod that decides what is put into it. Everything else is left as it came, known to us or not. */
import * as z from "zod";

const words = z.record(z.string(), z.string()).nullish();
const named = z.looseObject({ name: z.string() });

const container = z.looseObject({
  name: z.string(),
  restartPolicy: z.string().nullish(),
  env: z.array(named).nullish(),
  volumeMounts: z.array(named).nullish(),
  ports: z.array(z.looseObject({ containerPort: z.number() })).nullish(),
});

const pod = z.looseObject({
  metadata: z
    .looseObject({
      name: z.string().nullish(),
      generateName: z.string().nullish(),
      labels: words,
      annotations: words,
    })
    .nullish(),
  spec: z.looseObject({
    containers: z.array(container).min(1),
    initContainers: z.array(container).nullish(),
    volumes: z.array(named).nullish(),
    hostNetwork: z.boolean().nullish(),
    os: z.looseObject({ name: z.string() }).nullish(),
  }),
});

export type Container = z.infer<typeof container>;
export type Pod = z.infer<typeof pod>;

/** Undefined for what is no pod that could run: the API server refuses it itself. */
export function readPod(object: unknown): Pod | undefined {
  const result = pod.safeParse(object);
  return result.success ? result.data : undefined;
}

/** An init container that keeps running beside the app. */
export function staysRunning({ restartPolicy }: Container): boolean {
  return restartPolicy === "Always";
}
