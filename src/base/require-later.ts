import { createRequire } from "node:module";

/**
 * As `import`, but when it is called: for packages that hardly a run needs. The packager knows it by its name, and
 * bundles what is asked for (scripts/build.ts), so its argument is always a literal.
 */
export const requireLater = createRequire(import.meta.url);
