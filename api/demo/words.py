"""The word lists beside this module, read once."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

FOLDER = "api.demo"


@cache
def words(name: str) -> Mapping[str, Any]:
    """The content of `name`.toml."""
    return tomllib.loads((files(FOLDER) / f"{name}.toml").read_text(encoding="utf-8"))
