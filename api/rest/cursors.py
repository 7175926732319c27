"""Cursors of lists: the sort key of the last row, as one opaque word."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.refusals import BadRequest
from api.rest.bad_requests import NOT_ALLOWED

MAX_LIMIT = 200


class Paging(BaseModel):
    """How much of a list, and from where on."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=MAX_LIMIT, description="Rows a page.")
    cursor: str = Field("", max_length=600, description="`next` of the page before.")


ThePaging = Annotated[Paging, Query()]


def cursor_of(*key: str | None) -> str:
    """The cursor behind a row with this sort key."""
    return urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def key_of(cursor: str, length: int) -> list[str | None] | None:
    """The sort key of a cursor, None for the first page. Raises BadRequest."""
    if not cursor:
        return None
    try:
        key = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError) as error:
        raise _refused() from error
    if not isinstance(key, list) or len(key) != length or not all(map(_is_part, key)):
        raise _refused()
    return key


def instant_of(text: str | None) -> datetime | None:
    """The instant in a sort key. Raises BadRequest."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise _refused() from error
    if found.tzinfo is None:
        raise _refused()
    return found


def _is_part(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.isprintable())


def _refused() -> BadRequest:
    return BadRequest(("query.cursor", NOT_ALLOWED))
