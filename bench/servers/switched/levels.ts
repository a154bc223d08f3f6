/** How much telemetry a sidecar of the bench has at the moment; each level has all of those before it. */
export const LEVELS = ["none", "uncounted", "counted", "traced"] as const;
export type Level = (typeof LEVELS)[number];

/** What else it can be told to do. */
export const SEND_SPANS = "send spans";
export type Message = Level | typeof SEND_SPANS;
