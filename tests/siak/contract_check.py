"""Checks requests and answers against resources/siak/kontrak.yaml, with as much of JSON Schema as it uses."""

import re
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
CONTRACT: dict[str, Any] = yaml.safe_load((ROOT / "resources/siak/kontrak.yaml").read_text("utf-8"))
KNOWN = {
    *(
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "minItems",
        "enum",
        "pattern",
        "maxLength",
    ),
    *("oneOf", "$ref", "description", "format", "contentEncoding", "contentMediaType"),
}
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    """The node itself, or what its $ref points to."""
    while "$ref" in node:
        target: Any = CONTRACT
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def faults(value: object, schema: dict[str, Any], place: str = "$") -> list[str]:
    """What does not fit; empty when all does."""
    schema = resolve(schema)
    assert set(schema) <= KNOWN, f"the check does not know {set(schema) - KNOWN}"
    if "oneOf" in schema:
        fitting = [one for one in schema["oneOf"] if not faults(value, one, place)]
        return [] if len(fitting) == 1 else [f"{place}: fits {len(fitting)} of oneOf"]
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        allowed = tuple(kind for name in names for kind in TYPES[name])
        if not isinstance(value, allowed) or (isinstance(value, bool) and "boolean" not in names):
            return [f"{place}: is no {names}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{place}: not in enum")
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            found.append(f"{place}: pattern")
        if len(value) > schema.get("maxLength", len(value)):
            found.append(f"{place}: too long")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        found += [f"{place}.{name}: missing" for name in schema.get("required", []) if name not in value]
        for name, inner in value.items():
            if name in properties:
                found += faults(inner, properties[name], f"{place}.{name}")
            elif schema.get("additionalProperties") is False:
                found.append(f"{place}.{name}: unknown")
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            found.append(f"{place}: too few")
        for number, inner in enumerate(value):
            found += faults(inner, schema.get("items", {}), f"{place}[{number}]")
    return found


def operation(method: str, path: str) -> dict[str, Any]:
    """The operation that a request meets."""
    for template, item in CONTRACT["paths"].items():
        pattern = re.sub(r"\\\{agency\\\}", ".+", re.escape(template))
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", pattern)
        if re.fullmatch(pattern, path) and method.lower() in item:
            found: dict[str, Any] = item[method.lower()]
            return found
    raise AssertionError(f"{method} {path} is not in the contract")


def check_request(method: str, path: str, body: object) -> None:
    """Fail where a request does not keep the contract."""
    wanted = operation(method, path).get("requestBody")
    if wanted is None:
        assert body is None
        return
    assert faults(body, wanted["content"]["application/json"]["schema"]) == []


def check_answer(method: str, path: str, status: int, media: str, body: object) -> None:
    """Fail where an answer does not keep the contract."""
    answers = operation(method, path)["responses"]
    assert str(status) in answers, f"{status} is not an answer of {method} {path}"
    content = resolve(answers[str(status)])["content"]
    assert media in content, f"{media} is not what {status} answers with"
    assert faults(body, content[media]["schema"]) == []
