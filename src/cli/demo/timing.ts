/** The demo's own times, ms. Short, so that a lost client is replaced while one watches. */

/** Lease of an attempt: how long a killed client blocks its event. */
export const LEASE_MS = 600;
/** A third of the lease, as the contract advises. */
export const HEARTBEAT_MS = LEASE_MS / 3;
/** How long a Begin waits for another client that is at the same event. */
export const WAIT_MS = 100;
/** How long the sender waits for an answer before it delivers again. */
export const SENDER_PATIENCE_MS = 700;
/** How long a slow effect takes: longer than the sender waits, and than the lease. */
export const SLOW_EFFECT_MS = 1000;
/** Longest a client stays paused; usually it is woken as soon as another has finished its event. */
export const PAUSE_MS_MAX = 10_000;

/** Deadline of one call to the sidecar, and for how long a call without an answer is repeated. */
export const CALL_MS = 2000;
export const CALLS_MS = 8000;
/** Between two calls without an answer. */
export const CALL_AGAIN_MS = 100;
/** Before the sender delivers again what a client failed at. */
export const DELIVER_AGAIN_MS = 20;

/** How long the queue keeps a delivery that was handed back, for each place that comes before it. */
export const NACK_MS = 40;

/** Longest a client may be at one delivery before it is killed: pause, calls and all. */
export const CLIENT_MS_MAX = 20_000;
/** Longest until a started process says that it is ready; a busy machine takes its time. */
export const READY_MS_MAX = 30_000;
/** Longest for a whole demo: some, and some more for each event. Several times what a busy machine needs. */
export const DEMO_MS_MAX = 120_000;
export const EVENT_MS_MAX = 300;
/** Longest a stopped sidecar may take before it is killed. */
export const STOP_MS_MAX = 5000;
