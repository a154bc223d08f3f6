import { globSync, lstatSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { readBuilt } from "../../scripts/support/image.ts";

const { rootfs, base, config } = readBuilt();

function filesUnder(folder: string): string[] {
  return globSync("**/*", { cwd: folder })
    .filter((file) => !lstatSync(join(folder, file)).isDirectory())
    .sort();
}

function readInImage(file: string): string {
  return readFileSync(join(rootfs, file), "utf8");
}

describe("the image", () => {
  const [all, ofBase] = [filesUnder(rootfs), filesUnder(base)];
  const added = all.filter((file) => !ofBase.includes(file));

  it("adds to its base the program, and nothing else", () => {
    expect(added.length).toBeGreaterThan(0);
    expect(added.filter((file) => !file.startsWith("app/"))).toEqual([]);
    expect(ofBase.filter((file) => !all.includes(file))).toEqual([]);
  });

  it("has a single native part, for this kind of machine", () => {
    const native = added.filter((file) => file.endsWith(".node"));
    expect(native).toEqual([`app/node_modules/classic-level/prebuilds/linux-${process.arch}/classic-level.node`]);
  });

  it("has no program but Node", () => {
    const isProgram = (file: string) => {
      const { mode, size } = statSync(join(rootfs, file));
      if ((mode & 0o111) === 0 || size === 0) return false;
      const head = readFileSync(join(rootfs, file)).subarray(0, 64).toString("latin1");
      const isLibrary = /\.so(\.\d+)*$/.test(file);
      return (head.startsWith("\x7fELF") && !isLibrary) || (head.startsWith("#!") && !/^#!.*\bnode$/m.test(head));
    };
    expect(all.filter(isProgram)).toEqual(["nodejs/bin/node"]);
  });

  it("belongs to root, except for the folder of the records", () => {
    const owners = [...globSync("**/*", { cwd: rootfs })].map((path) => [path, statSync(join(rootfs, path)).uid]);
    expect(owners.filter(([, uid]) => uid !== 0)).toEqual([["var/lib/onceward", 65_532]]);
  });

  it("starts Node itself, as a user that has a number and is not root", () => {
    expect(config).toMatchObject({
      User: "65532:65532",
      Entrypoint: ["/nodejs/bin/node", "/app/onceward.mjs"],
      Cmd: ["serve"],
      StopSignal: "SIGTERM",
      ExposedPorts: { "7600/tcp": {}, "7601/tcp": {} },
    });
    expect(config.Healthcheck).toBeUndefined();
  });

  it("says what it is", () => {
    const label = (name: string) => config.Labels[`org.opencontainers.image.${name}`];
    expect([label("title"), label("version"), label("licenses"), label("source")]).toEqual([
      "onceward",
      manifest.version,
      manifest.license,
      "this checkout",
    ]);
    expect(label("revision")).toMatch(/^[0-9a-f]{40}$/);
  });

  it("lists every package that is in it, and no other", () => {
    const bill = JSON.parse(readInImage("app/sbom.cdx.json"));
    expect(bill).toMatchObject({ bomFormat: "CycloneDX", metadata: { component: { name: "onceward" } } });
    const listed: string[] = bill.components.map(({ name }: { name: string }) => name);
    const direct = Object.keys(manifest.dependencies).filter((name) => name !== "@octokit/webhooks-examples");
    expect(direct.filter((name) => !listed.includes(name))).toEqual([]);
    const tools = Object.keys(manifest.devDependencies).filter((name) => !(name in manifest.dependencies));
    expect(listed.filter((name) => tools.includes(name))).toEqual([]);
    const notices = readInImage("app/THIRD-PARTY.txt");
    const untold = bill.components.filter(({ name }: { name: string }) => !notices.includes(`\n${name} `));
    expect(untold).toEqual([]);
  });
});
