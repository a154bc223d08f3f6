import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { openDatabase } from "../../../src/store/embedded/database.ts";
import { DISK_LAYOUT_VERSION, LAYOUT_KEY } from "../../../src/store/embedded/keys.ts";
import { openEmbeddedStore } from "../../../src/store/embedded/open.ts";
import { StoreOpenError } from "../../../src/store/port.ts";
import { silentLogger } from "../../../src/telemetry/logger.ts";

describe("opening the embedded store", () => {
  let parent: string;
  let directory: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "onceward-open-"));
    directory = join(parent, "some", "where");
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  const open = () => openEmbeddedStore({ directory, clock: systemClock, logger: silentLogger });

  /** Why it could not be opened; throws if it could. */
  async function refusal(): Promise<string> {
    const error: unknown = await open().then(
      async (store) => {
        await store.close();
        return undefined;
      },
      (cause: unknown) => cause,
    );
    if (!(error instanceof StoreOpenError)) throw new Error("it was not refused", { cause: error });
    return error.message;
  }

  it("makes the directory, for its owner alone", async () => {
    const store = await open();
    await store.close();
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  it("is refused to a second one while the first has the directory, and granted afterwards", async () => {
    const first = await open();
    const why = await refusal();
    expect(why).toContain(directory);
    expect(why).toContain("another onceward");
    await first.close();
    await (await open()).close();
  });

  it("is refused where a newer onceward has written", async () => {
    await (await open()).close();
    const database = await openDatabase(directory);
    await database.write([{ key: LAYOUT_KEY, value: Buffer.from(String(DISK_LAYOUT_VERSION + 1)) }]);
    await database.close();
    const why = await refusal();
    expect(why).toContain(directory);
    expect(why).toContain(`layout ${DISK_LAYOUT_VERSION + 1}`);
    // It was let go again: the newer one can have it.
    await (await openDatabase(directory)).close();
  });

  it("is refused where somebody else's database lies", async () => {
    const database = await openDatabase(directory);
    await database.write([{ key: Buffer.from("theirs"), value: Buffer.from("1") }]);
    await database.close();
    expect(await refusal()).toContain("not onceward's");
  });

  it("is refused where no directory can be made", async () => {
    await writeFile(join(parent, "some"), "a file in the way");
    const why = await refusal();
    expect(why).toContain(`cannot make the directory ${directory}`);
    expect(why).toContain("ENOTDIR");
  });

  it("is refused where a file stands in place of the directory", async () => {
    directory = join(parent, "file");
    await writeFile(directory, "not a directory");
    expect(await refusal()).toContain(`cannot open the database in ${directory}`);
  });

  it("is refused where the database is broken, and leaves it as it is", async () => {
    await (await open()).close();
    await writeFile(join(directory, "CURRENT"), "nonsense");
    expect(await refusal()).toContain(`cannot open the database in ${directory}`);
  });
});
