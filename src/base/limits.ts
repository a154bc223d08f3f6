/** Bounds that are part of the contract, in one place. Bytes unless the name says otherwise. */

/** Parts of an address; their lengths also bound the packed record's length fields. */
export const NAMESPACE_PATTERN = /^[a-z0-9][a-z0-9._-]{0,62}$/;
export const NAMESPACE_BYTES_MAX = 63;
export const OPERATION_BYTES_MAX = 128;
export const STREAM_BYTES_MAX = 256;
export const KEY_BYTES_MAX = 512;

export const ATTEMPT_ID_BYTES_MAX = 64;
export const OWNER_BYTES_MAX = 256;
export const CHECKPOINT_NAME_BYTES_MAX = 256;
export const CONTENT_TYPE_BYTES_MAX = 256;
export const REFERENCE_BYTES_MAX = 2048;
/** Names and values of a result's metadata together. */
export const METADATA_BYTES_MAX = 8192;
/** A longer `error` is cut, since the effect has run; a longer `reason` is refused. */
export const ERROR_BYTES_MAX = 4096;
export const DIGEST_BYTES_MAX = 64;
export const ALGORITHM_BYTES_MAX = 64;
/** Longest JSON text to be fingerprinted: a longer one would keep the event loop from everybody else for too long. */
export const FINGERPRINT_JSON_BYTES_MAX = 256 * 1024;

/** Of what a lease of LeaseService is on. */
export const RESOURCE_BYTES_MAX = 512;

export const LEASE_MS_MIN = 100;
export const LEASE_MS_MAX = 3_600_000;
export const WAIT_MS_MAX = 30_000;
/** Rarest messages that a KeepAlive may hold its caller to. */
export const KEEP_ALIVE_EVERY_MS_MAX = 300_000;
export const RETENTION_MS_MIN = 1000;
export const RETENTION_MS_MAX = 90 * 86_400_000;
export const TOMBSTONE_MS_MAX = 365 * 86_400_000;
/** Longest a caller may put a retry off, ms: as long as an unfinished record is kept by default. */
export const RETRY_AFTER_MS_MAX = 30 * 86_400_000;

export const BATCH_ITEMS_MAX = 500;
/** Most records in one page of ListRecords, and how many when the caller does not say. */
export const PAGE_SIZE_MAX = 1000;
export const PAGE_SIZE_DEFAULT = 100;

/** Longest result kept inline. gRPC refuses messages over 4 MiB by default; this leaves room for a batch's envelope. */
export const RESULT_BYTES_MAX = 1024 * 1024;
/** Longest message either way: gRPC's own default, which no caller has to raise. */
export const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;
