"""People who are special: which post each of them holds, what is unusual, and why it matters."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from api.demo.words import words


@dataclass(frozen=True)
class Edge:
    """One of them; what is None is drawn as for everybody else.

    `id` and `en` say why; `twin` is born and appointed on the same days as the person before.
    """

    post: str
    id: str
    en: str
    name: str | None = None
    kind: str | None = None
    grade: str | None = None
    age: int | None = None
    functional: str | None = None
    story: str | None = None
    twin: bool = False
    contract_ends_in: int | None = None


@cache
def edges() -> Mapping[str, Edge]:
    """All of them by the key of their post, in the order in which they are shown."""
    return {entry["post"]: Edge(**entry) for entry in words("edges")["edges"]}
