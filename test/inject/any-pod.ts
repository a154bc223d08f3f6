/** Pods of any shape, the odd ones too: what a controller, a person or another webhook might send. */
import fc from "fast-check";

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/);
const word = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom("a/b", "~", "~1", "é", ""));
const unknown = fc.dictionary(fc.constantFrom("x-new", "future", "a/b~c"), fc.jsonValue({ maxDepth: 2 }), {
  maxKeys: 2,
});
/** A list that may also be null or absent, as JSON from elsewhere may have it. */
const maybe = <T>(one: fc.Arbitrary<T>) => fc.oneof(fc.constant(null), fc.constant(undefined), one);

const env = fc.uniqueArray(fc.record({ name: fc.oneof(name, fc.constant("ONCEWARD_ADDRESS")), value: word }), {
  maxLength: 4,
  selector: (one) => one.name,
});
const volume = fc.record({ name: fc.oneof(name, fc.constant("onceward-run")), emptyDir: fc.constant({}) });
const named = <T extends { readonly name: string }>(one: fc.Arbitrary<T>, minLength: number) =>
  fc.uniqueArray(one, { minLength, maxLength: 4, selector: (each) => each.name });

const container = fc
  .record({
    own: unknown,
    name: fc.oneof({ weight: 30, arbitrary: name }, { weight: 1, arbitrary: fc.constant("onceward") }),
    image: word,
    env: maybe(env),
    volumeMounts: maybe(named(fc.record({ name, mountPath: word }), 0)),
    ports: maybe(fc.array(fc.record({ containerPort: fc.constantFrom(80, 7600, 7601) }), { maxLength: 2 })),
    restartPolicy: fc.constantFrom(undefined, undefined, "Always"),
  })
  .map(({ own, ...rest }) => ({ ...own, ...rest }));

const labels = fc.dictionary(
  fc.constantFrom("onceward.dev/inject", "a/b", "app"),
  fc.constantFrom("enabled", "disabled", "x"),
  { maxKeys: 2 },
);
const asks = fc.record({ "onceward.dev/inject": fc.constant("enabled"), app: word });

const annotations = fc.dictionary(
  fc.constantFrom("onceward.dev/transport", "onceward.dev/position", "onceward.dev/native-sidecar", "a.b/c~d", "x"),
  fc.constantFrom("uds", "tcp", "first", "last", "true", "false"),
  { maxKeys: 3 },
);
/** Mostly ones that make sense: of mixed words most pods would be refused. */
const sensible = fc.record(
  {
    "onceward.dev/transport": fc.constantFrom("tcp", "uds"),
    "onceward.dev/position": fc.constantFrom("first", "last"),
    "onceward.dev/native-sidecar": fc.constantFrom("true", "false"),
    "onceward.dev/store": fc.constantFrom("embedded", "redis://r:6379"),
    "a.b/c~d": word,
  },
  { requiredKeys: [] },
);

/** Undefined members are absent from JSON. */
export const anyPod = fc
  .record({
    own: unknown,
    labels: fc.oneof(asks, maybe(labels)),
    annotations: fc.oneof({ weight: 4, arbitrary: maybe(sensible) }, { weight: 1, arbitrary: annotations }),
    containers: named(container, 1),
    initContainers: maybe(named(container, 0)),
    volumes: maybe(named(volume, 0)),
    hostNetwork: fc.constantFrom(undefined, undefined, undefined, true, false),
  })
  .map(({ own, labels, annotations: said, ...spec }) =>
    JSON.parse(
      JSON.stringify({ kind: "Pod", metadata: { ...own, labels, annotations: said }, spec: { ...own, ...spec } }),
    ),
  );
