import { afterEach, expect, it } from "vitest";
import { sidecars } from "../support/traced.ts";
import { fresh } from "../support/wire.ts";

const { start, close } = sidecars();
afterEach(close);

/** Says on stderr which packages are asked for that know messages by their descriptions. */
const SPY = `data:text/javascript,${encodeURIComponent(
  `import { registerHooks } from "node:module";
   registerHooks({ resolve(name, context, next) {
     const reads = /^(protobufjs|@grpc\\/(proto-loader|reflection)|grpc-health-check)$/;
     if (reads.test(name)) console.error("LOADED " + name);
     return next(name, context);
   } });`,
)}`;
const MAIN = new URL("../../src/main.ts", import.meta.url).pathname;

it("what the calls that are made most do not need is loaded with the first call that does", async () => {
  const { sidecar, client } = await start({}, "embedded", [process.execPath, "--import", SPY, MAIN, "serve"]);
  const address = fresh();
  const { attempt } = await client.begin({ address });
  await client.complete({ address, fencingToken: attempt?.fencingToken ?? 0, kind: "SUCCEEDED" });
  expect(await client.begin({ address })).toMatchObject({ outcome: "REPLAY" });
  await client.beginBatch({ items: [{ address: fresh() }] });
  expect(await client.get({ address })).toMatchObject({ found: true });
  expect(sidecar.stderr()).toBe("");
  expect(await client.getStats({})).toMatchObject({ waiters: 0 });
  sidecar.signal("SIGTERM");
  await sidecar.exited;
  expect(sidecar.stderr()).toContain("LOADED @grpc/proto-loader\n");
  expect(sidecar.stderr()).not.toMatch(/LOADED (@grpc\/reflection|grpc-health-check)/);
});
