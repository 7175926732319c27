"""The strict reader of form files: JSON without duplicate keys, floats or surprises."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final, NoReturn

from engine.errors import Finding, InvalidDefinition

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 24
_MAX_DIGITS: Final = 30
_FORBIDDEN_KEYS: Final = ("__proto__", "constructor", "prototype", "typename")


def read_object(content: bytes, file: str) -> dict[str, object]:
    """The JSON object in `content`, fractions as Decimal. Raises InvalidDefinition."""
    if len(content) > MAX_BYTES:
        raise _refused("form.file_too_large", file, limit="256 KB")
    try:
        read = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_float=_number,
            parse_int=lambda text: int(_short(text)),
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise _refused("form.not_json", file, line=error.lineno, detail=error.msg) from None
    except (ValueError, InvalidOperation, RecursionError) as error:
        raise _refused("form.not_json", file, detail=str(error)[:120]) from None
    if not isinstance(read, dict):
        raise _refused("form.not_object", file)
    _check_depth(read, file)
    return read


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result: dict[str, object] = {}
    for key, value in pairs:
        if key in result:
            raise ValueError(f"key twice: {key[:40]}")
        if key in _FORBIDDEN_KEYS:
            raise ValueError(f"key not allowed: {key}")
        result[key] = value
    return result


def _short(text: str) -> str:
    if len(text) > _MAX_DIGITS:
        raise ValueError("number too long")
    return text


def _number(text: str) -> Decimal:
    if "e" in text.lower():
        raise ValueError(f"number in scientific notation: {text[:40]}")
    return Decimal(_short(text))


def _constant(text: str) -> NoReturn:
    raise ValueError(f"not a number: {text}")


def _check_depth(value: object, file: str) -> None:
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise _refused("form.too_deep", file, limit=str(MAX_DEPTH))


def _children(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []


def _refused(rule: str, file: str, line: int | None = None, **params: str) -> InvalidDefinition:
    return InvalidDefinition([Finding(rule, file=file, line=line, params=params)])
