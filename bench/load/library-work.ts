import { type Address, type Fingerprint, openOnceward } from "../../clients/typescript/src/index.ts";
import { type Guard, guardWork } from "./guard.ts";
import { expectAnswer, type Work } from "./loops.ts";
import {
  DEADLINE_MS,
  FINGERPRINT_ALGORITHM,
  LEASE_MS,
  RETENTION_MS,
  randomFingerprint,
  randomKey,
  randomResult,
} from "./payloads.ts";
import type { GuardCalls } from "./protocol.ts";

interface Asked {
  readonly at: Address;
  readonly fingerprint: Fingerprint;
}

/** Our TypeScript client, as an application uses it. */
export function libraryWork(address: string, calls: GuardCalls): Work {
  const onceward = openOnceward({ address, timeoutMs: DEADLINE_MS });
  const begin = ({ at, fingerprint }: Asked) =>
    onceward.begin(at, { fingerprint, leaseMs: LEASE_MS, retentionMs: RETENTION_MS });
  const guard: Guard<Asked> = {
    fresh: () => ({
      at: { operation: "charge", key: randomKey() },
      fingerprint: { digest: randomFingerprint(), algorithm: FINGERPRINT_ALGORITHM },
    }),
    async first(asked, stopwatch) {
      const begun = await stopwatch.time("begin", () => begin(asked));
      if (begun.kind !== "started") throw new Error(`begin of a new record: ${begun.kind}`);
      const { token } = begun.attempt;
      const completed = await stopwatch.time("complete", () =>
        onceward.complete(asked.at, { kind: "succeeded", token, result: { body: randomResult() } }),
      );
      expectAnswer("complete", completed.kind, "stored");
    },
    async again(asked, stopwatch) {
      const begun = await stopwatch.time("begin", () => begin(asked));
      expectAnswer("begin of a finished record", begun.kind, "replay");
    },
  };
  return guardWork(guard, calls);
}
