"""Says for each line of stdin, a JSON object with `version` and `object`, what is wrong with that object: one line each.

Kubernetes' own kinds go by the published schemas of that version, unknown fields refused. Kinds of cert-manager and of
the Prometheus operator go by models made from their definitions: what a model does not know is not in what it returns.
"""
import functools, json, re, sys
import jsonschema, kubernetes_validate.utils as published
from referencing import Registry, Resource

OTHERS = {
    "cert-manager.io/v1": "cloudcoil.models.cert_manager.v1",
    "monitoring.coreos.com/v1": "cloudcoil.models.prometheus_operator.v1",
}


@functools.cache
def validator(version, kind, api_version):
    folder = f"kubernetes-json-schema/v{version}.0-local-strict"
    group = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api_version)
    schema = published.schema_contents(f"{folder}/{kind.lower()}-{group}.json", version)
    registry = Resource.from_contents(schema) @ definitions(folder, version)
    return jsonschema.validators.Draft202012Validator(schema, registry=registry)


@functools.cache
def definitions(folder, version):
    return Resource.from_contents(published.schema_contents(f"{folder}/_definitions.json", version)) @ Registry()


def faults(version, thing):
    kind, api_version = thing["kind"], thing["apiVersion"]
    if api_version in OTHERS:
        model = getattr(__import__(OTHERS[api_version], fromlist=[kind]), kind)
        known = model.model_validate(thing).model_dump(by_alias=True, exclude_unset=True, mode="json")
        return missing(thing, known, kind)
    found = sorted(validator(version, kind, api_version).iter_errors(thing), key=lambda error: list(error.path))
    return [f"{kind} {'.'.join(map(str, error.path))}: {error.message}" for error in found]


def missing(given, known, path):
    if isinstance(given, dict) and isinstance(known, dict):
        unknown = [f"{path}.{name}: unknown" for name in given if name not in known]
        return unknown + [f for name in given if name in known for f in missing(given[name], known[name], f"{path}.{name}")]
    if isinstance(given, list) and isinstance(known, list):
        return [fault for i, (a, b) in enumerate(zip(given, known)) for fault in missing(a, b, f"{path}.{i}")]
    return []


for line in sys.stdin:
    asked = json.loads(line)
    try:
        print(json.dumps(faults(asked["version"], asked["object"])))
    except Exception as error:  # no schema for the kind, a model that refuses: a fault like any other
        print(json.dumps([f"{asked['object'].get('kind')}: {type(error).__name__}: {error}"]))
