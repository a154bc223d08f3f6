import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningSidecar, startProcess } from "../support/sidecar.ts";
import { follow, page, run, sqlOf, stepsOf } from "./followed.ts";

const PYTHON_PACKAGES = ["grpcio-tools==1.85.1", "googleapis-common-protos==1.76.0"];
const INSTALL_MS = 240_000;

/** Each page with what people are told to try, and at least how many commands that is. */
const PAGES = [
  ["README.md", 6],
  ["docs/ordering.md", 12],
  ["docs/leases.md", 3],
] as const;

let directory = "";
let sidecar: RunningSidecar;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "onceward-readme-"));
  sidecar = await startProcess({ ONCEWARD_STORE: `embedded:${join(directory, "store")}` });
});
afterAll(async () => {
  sidecar.signal("SIGTERM");
  await sidecar.exited;
  rmSync(directory, { recursive: true, force: true });
});

describe("a page, followed by a stranger", () => {
  it.each(PAGES)("prints at each command what %s says", { timeout: 120_000 }, async (path, least) => {
    const steps = stepsOf(page(path));
    expect(steps.length).toBeGreaterThanOrEqual(least);
    for await (const { asked, printed, prints } of follow(steps, sidecar.ready.listen)) {
      expect(printed, asked).toContain(prints);
    }
  });
});

describe("the fence in SQL", () => {
  const [one, several] = sqlOf(page("docs/leases.md"));

  it.each([
    [
      "one row",
      one ?? "",
      "CREATE TABLE reports (id, total, last_token); INSERT INTO reports VALUES ('r', 0, 33)",
      { id: "r", total: 1 },
    ],
    [
      "several",
      several ?? "",
      "CREATE TABLE fences (resource, token); INSERT INTO fences VALUES ('r', 33)",
      { resource: "r" },
    ],
  ])("takes the latest holder's writes and refuses every earlier one's: %s", (_rows, sql, tables, given) => {
    const database = new DatabaseSync(":memory:");
    database.exec(tables);
    const write = (token: bigint) => database.prepare(sql).run({ ...given, token }).changes;
    expect([33n, 32n, 34n, 34n, 33n].map(write)).toEqual([1, 0, 1, 1, 0]);
    database.close();
  });
});

describe("an example in Python", () => {
  const python = () => join(directory, "venv", "bin", "python");
  const example = (name: string) =>
    run(python(), [`examples/python/${name}`], {
      ONCEWARD_ADDRESS: sidecar.ready.listen,
      DATABASE: join(directory, "reports.db"),
    });
  beforeAll(async () => {
    try {
      await run("python3", ["-m", "venv", join(directory, "venv")]);
      await run(python(), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PYTHON_PACKAGES]);
    } catch (cause) {
      throw new Error("the examples in Python need python3 with venv, and a package index", { cause });
    }
    await run(python(), ["-c", "import grpc_tools.protoc"]);
  }, INSTALL_MS);

  it("charges once", async () => {
    expect(await example("charge.py")).toMatch(/^STARTED/);
    expect(await example("charge.py")).toBe("REPLAY charged 100 EUR\n");
  });

  it("applies events in their order", async () => {
    const lines = (await example("consume.py")).trim().split("\n");
    expect(lines.filter((line) => line.startsWith("apply"))).toEqual([
      "apply 1 placed",
      "apply 2 paid",
      "apply 3 shipped",
    ]);
    expect(lines).toContain("give back 3 shipped");
    expect(lines).toContain("drop 1 placed");
  });

  it("writes under a lease, and does not write while somebody else holds it", async () => {
    expect(await example("report.py")).toBe("WRITTEN\n");
    expect(await example("report.py")).toBe("WRITTEN\n");
    const database = new DatabaseSync(join(directory, "reports.db"));
    expect(database.prepare("SELECT total FROM reports").get()).toMatchObject({ total: 2 });
    const fence = database.prepare("UPDATE reports SET last_token = ?");
    fence.run(2n ** 62n);
    expect(await example("report.py")).toBe("FENCED\n");
    database.close();
  });
});
