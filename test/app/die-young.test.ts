import { afterEach, expect, it } from "vitest";
import { sidecars } from "../support/traced.ts";
import { fresh } from "../support/wire.ts";

const { start, close } = sidecars();
afterEach(close);

const MAIN = new URL("../../src/main.ts", import.meta.url).pathname;
const COMMAND_LINE = [
  ...[process.execPath, "--trace-gc-nvp", "--min-semi-space-size=8", "--max-semi-space-size=8"],
  ...[MAIN, "serve"],
] as const;
const CALLERS = 64;
/** Until what is called often has been optimized. */
const WARM_UP_CALLS = 8000;
const CALLS = 5000;
/** It is a sixth of what is made where one of the things is missing that this takes. */
const PROMOTED_SHARE_MAX = 0.03;
/** Many calls by a client that costs more than the server: on a busy machine some milliseconds each. */
const TIME_MS_MAX = 120_000;

const COLLECTION = /"gc":"s".*"allocated":(\d+),"promoted":(\d+)/g;

it("calls that are over leave nothing in the old generation, embedded", () => diesYoung("embedded"), TIME_MS_MAX);
it("calls that are over leave nothing in the old generation, on Redis", () => diesYoung("redis"), TIME_MS_MAX);

async function diesYoung(kind: "embedded" | "redis"): Promise<void> {
  const { sidecar, client } = await start({}, kind, COMMAND_LINE);
  const call = async (count: number) => {
    let left = count;
    const caller = async () => {
      while (left-- > 0) await client.begin({ address: fresh() });
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
  };
  await call(WARM_UP_CALLS);
  const from = sidecar.stdout().length;
  await call(CALLS);
  const collections = [...sidecar.stdout().slice(from).matchAll(COLLECTION)];
  const sum = (group: 1 | 2) => collections.reduce((total, found) => total + Number(found[group]), 0);
  expect(collections.length).toBeGreaterThan(10);
  expect(sum(2) / sum(1)).toBeLessThan(PROMOTED_SHARE_MAX);
}
