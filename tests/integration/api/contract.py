"""Holds answers to schema/openapi.yaml: every one that a test gets is checked against it."""

import re

import yaml

from tests.instance.processes import ROOT

DOCUMENT = yaml.safe_load((ROOT / "schema/openapi.yaml").read_text(encoding="utf-8"))
PREFIX = DOCUMENT["servers"][0]["url"]
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int,
         "number": (int, float)}


class Broken(AssertionError):
    """An answer that the contract does not allow."""


def resolve(node):
    while "$ref" in node:
        found = DOCUMENT
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def check(value, schema, at=""):
    """The part of JSON Schema that the document uses. Members that it does not name are refused."""
    schema = resolve(schema)
    kind = schema.get("type")
    if kind and (not isinstance(value, TYPES[kind]) or (kind != "boolean" and isinstance(value, bool))):
        raise Broken(f"{at or '/'} is not of type {kind}: {value!r}")
    if "enum" in schema and value not in schema["enum"]:
        raise Broken(f"{at} is {value!r}, not one of {schema['enum']}")
    if "minimum" in schema and value < schema["minimum"] or "maximum" in schema and value > schema["maximum"]:
        raise Broken(f"{at} is out of range: {value}")
    if isinstance(value, dict) and "properties" in schema:
        for name in schema.get("required", []):
            if name not in value:
                raise Broken(f"{at}/{name} is missing")
        for name, item in value.items():
            if name not in schema["properties"]:
                raise Broken(f"{at}/{name} is not in the contract")
            check(item, schema["properties"][name], f"{at}/{name}")
    if isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            check(item, schema["items"], f"{at}/{i}")


def operation(method, path):
    """The path's entry in the document and the operation in it."""
    for template, entry in DOCUMENT["paths"].items():
        prefix = entry["servers"][0]["url"].rstrip("/") if "servers" in entry else PREFIX
        pattern = re.sub(r"\{[^}]*\}", "[^/]+", prefix + template)
        if re.fullmatch(pattern, path.split("?")[0]) and method.lower() in entry:
            return entry[method.lower()]
    raise Broken(f"{method} {path} is not in the contract")


def check_answer(method, path, status, body, headers):
    answers = operation(method, path)["responses"]
    if str(status) not in answers:
        if status >= 400 and headers["Content-Type"] == "application/problem+json":
            return check(body, DOCUMENT["components"]["schemas"]["Problem"])
        raise Broken(f"{method} {path} answered {status}, which is not in the contract: {body}")
    content = resolve(answers[str(status)]).get("content", {})
    sent = headers["Content-Type"].split(";")[0]
    if sent not in content:
        raise Broken(f"{method} {path} answered {sent}, not one of {list(content)}")
    if sent.endswith("json"):
        check(body, content[sent]["schema"])
    return None
