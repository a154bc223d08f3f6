import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { epochMs } from "../../src/base/units.ts";
import { InjectorTally } from "../../src/inject/metrics.ts";
import { type InjectorOps, startInjectorOps } from "../../src/inject/ops.ts";

const NOW = epochMs(1_800_000_000_000);
let ops: InjectorOps | undefined;
afterEach(() => ops?.stop());

async function ready(notAfter: number, stopping = false): Promise<[number, string]> {
  const controller = new AbortController();
  if (stopping) controller.abort();
  ops = await startInjectorOps(
    {
      tally: new InjectorTally(),
      clock: { ...systemClock, now: () => NOW },
      notAfter: () => epochMs(notAfter),
      stopping: controller.signal,
    },
    "127.0.0.1:0",
  );
  const response = await fetch(`http://${ops.address}/readyz`);
  return [response.status, await response.text()];
}

describe("the injector's readiness", () => {
  it("lasts as long as its certificate", async () => {
    expect(await ready(NOW + 1)).toEqual([200, "ok\n"]);
  });

  it("ends with it: nobody could call it any more", async () => {
    expect(await ready(NOW)).toEqual([503, "the certificate has expired\n"]);
  });

  it("ends when it stops", async () => {
    expect(await ready(NOW + 1, true)).toEqual([503, "stopping\n"]);
  });
});

describe("the injector's ops listener", () => {
  it("takes no writes", async () => {
    await ready(NOW + 1);
    const response = await fetch(`http://${ops?.address}/livez`, { method: "POST" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });
});
