import type { Reporter, TestModule, Vitest } from "vitest/node";

/**
 * Closes a run with the one line that a script can read, `N passed, N failed`. A file that cannot be imported, a failed
 * hook and a stray rejection each count as a failure: a run that could not look is not a run that passed.
 */
export class Tally implements Reporter {
  #passed = 0;
  #failed = 0;
  #skipped = 0;

  /** Printed as the process ends, so that nothing vitest says about itself comes after it. */
  onInit(vitest: Vitest): void {
    if (vitest.config.watch) return;
    process.once("exit", () => process.stdout.write(`${this.#line()}\n`));
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    this.#passed = 0;
    this.#skipped = 0;
    this.#failed = errors.length;
    for (const module of modules) this.#count(module);
  }

  #count(module: TestModule): void {
    this.#failed += module.errors().length;
    for (const suite of module.children.allSuites()) this.#failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") this.#passed += 1;
      else if (state === "skipped") this.#skipped += 1;
      else this.#failed += 1;
    }
  }

  #line(): string {
    const skipped = this.#skipped > 0 ? `, ${this.#skipped} skipped` : "";
    return `${this.#passed} passed, ${this.#failed} failed${skipped}`;
  }
}
