/** The bill of materials of the packaged program: npm's, without what did not get into it. */
import type { Package } from "./packages.ts";
import { ROOT, run } from "./run.ts";

const MINUTES_MAX = 2;

/** CycloneDX as far as it is read here. */
interface Bill {
  readonly metadata: { readonly component: { name: string; type: string } };
  components: readonly { readonly "bom-ref": string }[];
  dependencies: readonly { readonly ref: string; dependsOn: readonly string[] }[];
}

/** CycloneDX JSON over exactly those packages. @throws when npm knows nothing of one of them. */
export function billOf(packages: readonly Package[]): string {
  const args = ["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"];
  const { ok, output } = run("npm", args, { output: "pipe", minutesMax: MINUTES_MAX });
  if (!ok) throw new Error(`npm sbom in ${ROOT}: ${output}`);
  const bill: Bill = JSON.parse(output);
  const listed = new Set(bill.components.map((component) => component["bom-ref"]));
  const inside = new Set(packages.map(({ name, version }) => `${name}@${version.replace(/^v/, "")}`));
  const unlisted = [...inside].filter((ref) => !listed.has(ref));
  if (unlisted.length > 0) throw new Error(`in the program, and no dependency of it: ${unlisted.join(", ")}`);
  const root = bill.dependencies[0]?.ref;
  bill.components = bill.components.filter((component) => inside.has(component["bom-ref"]));
  bill.dependencies = bill.dependencies
    .filter(({ ref }) => ref === root || inside.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => inside.has(other)) }));
  // npm takes the folder's name for the project's, and every project for a library.
  bill.metadata.component.name = "onceward";
  bill.metadata.component.type = "application";
  return `${JSON.stringify(bill, null, 2)}\n`;
}
