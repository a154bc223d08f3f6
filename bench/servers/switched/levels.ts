/** How much telemetry a sidecar of the bench has at the moment; each level has all of those before it. */
export const LEVELS = ["none", "uncounted", "counted", "traced"] as const;
export type Level = (typeof LEVELS)[number];
