import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshFolder, killAll, type RunningSidecar, startProcess } from "../../support/sidecar.ts";

const README = fileURLToPath(new URL("../../../clients/typescript/README.md", import.meta.url));
const ENTRANCE = new URL("../../../clients/typescript/src/index.ts", import.meta.url).href;

const folder = freshFolder();
let sidecar: RunningSidecar;
beforeAll(async () => {
  sidecar = await startProcess({ ONCEWARD_STORE: `embedded:${folder.path}/store` });
});
afterAll(async () => {
  await killAll();
  folder.remove();
});

describe("the example of the client's page", () => {
  it("charges once, whoever runs it how often", () => {
    const [, example = ""] = /<!-- tried -->\n```ts\n([\s\S]*?)```/.exec(readFileSync(README, "utf8")) ?? [];
    const script = `${folder.path}/example.ts`;
    const here = example.replace('"@onceward/client"', JSON.stringify(ENTRANCE));
    writeFileSync(script, here.replace("127.0.0.1:7600", sidecar.ready.listen));
    const run = () => execFileSync(process.execPath, [script], { encoding: "utf8", timeout: 20_000 });
    expect([run(), run()]).toEqual(["charged in attempt 1 false\n", "charged in attempt 1 true\n"]);
  });
});
