/**
 * Makes the packaged program in `dist/`: a few bundled files, and beside them what they read, laid out as in the
 * repository. What is native or optional stays a dependency of the package; with `--image` the native part lies there
 * too, with a bill of materials and the licences, so that the folder needs nothing but Node.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { build, type Plugin } from "esbuild";
import { billOf } from "./support/bill.ts";
import { folderOf, noticesOf, readPackage, withNeeds } from "./support/packages.ts";
import { ROOT } from "./support/run.ts";

const OUT = join(ROOT, "dist");

/** Packages that are not bundled: a native addon … */
const NATIVE = ["classic-level"];
/** … and the payloads of the demo, which no image has. */
const EXTERNAL = [...NATIVE, "@octokit/webhooks-examples"];
/** What of a native package is used at run time, on the kind of machine that builds. */
const USED = [
  "package.json",
  "**/*.js",
  "{LICEN[CS]E,licen[cs]e,NOTICE}*",
  `prebuilds/${process.platform}-${process.arch}/!(*.musl).node`,
];

/** What the program reads at run time, from the project's folder. */
const ASSETS = [
  "package.json",
  "proto/onceward.binpb",
  "proto/onceward/v1/*.proto",
  "src/store/*/lua/**/*.lua",
  "node_modules/google-proto-files/google/rpc/{status,error_details}.proto",
  "node_modules/@grpc/reflection/build/proto/**/*.proto",
  "node_modules/grpc-health-check/proto/**/*.proto",
];

/** Where the program looks for what V8 makes of it: see src/main.ts. */
const COMPILED = join(OUT, "compiled");
/** How long one start may take that fills it, ms. */
const START_MS_MAX = 60_000;

/** Runs at the head of every file of the bundle; all have one place. */
const HEAD = [
  'import { createRequire as makeRequire } from "node:module";',
  "const require = makeRequire(import.meta.url);", // packages that are CommonJS inside still ask for Node's own modules
  "const bundleUrl = import.meta.url;",
].join("\n");

/** Code that finds what lies beside it by its own place is given the place it would have under `dist/`. */
const placed: Plugin = {
  name: "placed",
  setup({ onLoad }) {
    onLoad({ filter: /\/(src\/.*\.ts|node_modules\/(@grpc|grpc-health-check)\/.*\.js)$/ }, ({ path }) => {
      const url = (of: string) =>
        `new URL(${JSON.stringify(`./${relative(ROOT, of).split(sep).join("/")}`)}, bundleUrl)`;
      const text = readFileSync(path, "utf8");
      if (path.endsWith(".ts")) {
        // What is required later is bundled all the same: a `require` is, and is carried out where it stands.
        const bundled = text.replaceAll("requireLater(", "require(").replaceAll("import.meta.url", `${url(path)}.href`);
        return { contents: bundled, loader: "ts" };
      }
      return { contents: text.replaceAll("__dirname", `require("node:url").fileURLToPath(${url(dirname(path))})`) };
    });
  },
};

/**
 * Node's own modules are required rather than imported: an import reads every export of them, and so loads what nobody
 * asks for, such as the whole of undici behind node:http.
 */
const required: Plugin = {
  name: "required",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === "import-statement" ? { path, namespace: "required" } : { path, external: true },
    );
    onLoad({ filter: /.*/, namespace: "required" }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)})`,
    }));
  },
};

/**
 * The driver puts a thousand methods on one prototype, one by one, and V8 copies all that is there for each: 4 MB and
 * 14 ms of a start. An object that something was taken from is a hash table to V8, which it adds to for nothing.
 */
const quickCommander: Plugin = {
  name: "quick-commander",
  setup({ onLoad, onEnd }) {
    let met = false;
    onEnd(() => {
      if (!met) throw new Error("ioredis has its methods elsewhere now: see quickCommander");
    });
    onLoad({ filter: /\/ioredis\/built\/utils\/Commander\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const before = "commands.forEach(";
      met = text.split(before).length === 2 && text.includes("    getBuiltinCommands() {");
      if (!met) throw new Error(`${path} is not what it was: see quickCommander`);
      const taken =
        "const { getBuiltinCommands } = Commander.prototype; delete Commander.prototype.getBuiltinCommands;";
      const back = "Object.assign(Commander.prototype, { getBuiltinCommands });";
      return { contents: text.replace(before, `${taken} ${back}\n${before}`), loader: "js" };
    });
  },
};

rmSync(OUT, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { onceward: join(ROOT, "src/main.ts") },
  outdir: OUT,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  metafile: true,
  splitting: true, // what a command does not need is not read
  chunkNames: "[name]-[hash]", // beside the entry: all have one place
  platform: "node",
  format: "esm",
  target: "node24",
  legalComments: "linked",
  external: EXTERNAL,
  plugins: [placed, required, quickCommander],
  minify: true,
  banner: { js: HEAD },
  logLevel: "warning",
});
const assets = globSync(ASSETS, { cwd: ROOT });
for (const asset of assets) place(asset);
if (process.argv.includes("--image")) completeForImage();
await fillCompiled();
const bytes = globSync("*.mjs", { cwd: OUT }).reduce((sum, name) => sum + statSync(join(OUT, name)).size, 0);
process.stdout.write(`dist/onceward.mjs: ${Math.round(bytes / 1024)} KiB in all\n`);

/** Puts a file of the project where it has the same place under `dist/`. */
function place(file: string): void {
  mkdirSync(dirname(join(OUT, file)), { recursive: true });
  cpSync(join(ROOT, file), join(OUT, file));
}

function completeForImage(): void {
  const native = withNeeds(NATIVE);
  const used = native.flatMap(({ folder }) =>
    globSync(
      USED.map((file) => join(folder, file)),
      { cwd: ROOT },
    ),
  );
  for (const file of used) place(file);
  const bundled = [...Object.keys(metafile.inputs), ...assets].map(folderOf).filter((folder) => folder !== undefined);
  const inside = [...[...new Set(bundled)].map(readPackage), ...native].sort((a, b) => a.name.localeCompare(b.name));
  writeFileSync(join(OUT, "sbom.cdx.json"), billOf(inside));
  writeFileSync(join(OUT, "THIRD-PARTY.txt"), noticesOf(inside));
}

/** Starts the program once in each way that matters. */
async function fillCompiled(): Promise<void> {
  mkdirSync(COMPILED);
  const folder = mkdtempSync(join(tmpdir(), "onceward-build-"));
  try {
    // Nobody listens on that socket: a sidecar starts without its Redis.
    for (const store of [`embedded:${join(folder, "store")}`, `redis+unix://${join(folder, "none.sock")}`]) {
      await startOnce(["serve"], { ONCEWARD_STORE: store, ONCEWARD_OPS_LISTEN: "127.0.0.1:0" });
    }
    await startOnce(["--version"], {});
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Node keeps what V8 made of everything that was used, when it ends. */
async function startOnce(args: readonly string[], settings: Readonly<Record<string, string>>): Promise<void> {
  const others = Object.entries(process.env).filter(([name]) => !/^(ONCEWARD_|NODE_)/.test(name));
  const env = { ...Object.fromEntries(others), ...settings, ONCEWARD_LISTEN: "127.0.0.1:0" };
  const child = spawn(process.execPath, [join(OUT, "onceward.mjs"), ...args], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
    timeout: START_MS_MAX,
    killSignal: "SIGKILL",
  });
  // A sidecar says that it is ready, and is stopped; a command ends by itself.
  child.stdout.once("data", () => args[0] === "serve" && child.kill("SIGTERM"));
  const [code, signal] = await once(child, "exit");
  if (code !== 0) throw new Error(`onceward ${args.join(" ")} ended with ${signal ?? code}`);
}
