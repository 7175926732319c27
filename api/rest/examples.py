"""Whole examples of requests and answers, put together from the examples of their fields."""

from collections.abc import Mapping
from typing import Any

REF = "#/components/schemas/"
BY_FORMAT = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T08:15:00Z",
    "binary": "",
}
BY_TYPE: Mapping[str, object] = {"integer": 1, "number": 1, "boolean": False, "object": {}}


def example_of(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> object:
    """A value that the schema accepts: its own example, or one made of its parts."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].removeprefix(REF)], schemas)
    if schema.get("examples"):
        return schema["examples"][0]
    if "properties" in schema:
        parts = schema["properties"].items()
        return {name: example_of(part, schemas) for name, part in parts}
    for choice in schema.get("anyOf", ()):
        return example_of(choice, schemas)
    if schema.get("type") == "array":
        return [example_of(schema["items"], schemas)]
    return _plain(schema)


def _plain(schema: Mapping[str, Any]) -> object:
    for name in ("const", "default"):
        if name in schema:
            return schema[name]
    if schema.get("enum"):
        return schema["enum"][0]
    if schema.get("format") in BY_FORMAT:
        return BY_FORMAT[schema["format"]]
    return BY_TYPE.get(schema.get("type", ""), "0199f1c2")


def add_examples(document: Mapping[str, Any]) -> None:
    """Put an example beside every schema of a JSON body or answer of an OpenAPI document."""
    schemas = document["components"]["schemas"]
    for path in document["paths"].values():
        for operation in path.values():
            for part in (operation.get("requestBody", {}), *operation["responses"].values()):
                for kind, content in part.get("content", {}).items():
                    if kind.endswith("json") and "schema" in content:
                        content["example"] = example_of(content["schema"], schemas)
