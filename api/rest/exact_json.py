"""Reads JSON bodies exactly: numbers as Decimal, and nothing that is read in two ways."""

import json
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute

MAX_NUMBER_CHARACTERS = 60
_SURROGATES = range(0xD800, 0xE000)
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def exact_json(body: bytes) -> object:
    """The value of a JSON text.

    Raises JSONDecodeError also for NaN, repeated names, numbers of more than 60 characters, NUL
    and half surrogates in texts, and nesting beyond the reader's depth.
    """
    try:
        text = body.decode()
        return json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_refuse,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise json.JSONDecodeError("refused", "", 0) from error


def _number(text: str) -> Decimal:
    if len(text) > MAX_NUMBER_CHARACTERS:
        _refuse(text)
    return Decimal(text)


def _refuse(_text: str) -> NoReturn:
    raise json.JSONDecodeError("refused", "", 0)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        _refuse("")
    for name, value in pairs:
        _check_texts(name, value)
    return found


def _check_texts(*values: object) -> None:
    """Objects inside were checked when they were read; lists were not."""
    for value in values:
        if isinstance(value, list):
            _check_texts(*value)
        elif isinstance(value, str) and not _is_plain(value):
            _refuse(value)


def _is_plain(text: str) -> bool:
    return (text.isascii() and "\0" not in text) or not any(
        letter == "\0" or ord(letter) in _SURROGATES for letter in text
    )


class ExactRequest(Request):
    """A request whose body is read by `exact_json`."""

    async def json(self) -> object:
        """The body. Raises JSONDecodeError."""
        return exact_json(await self.body())


def as_exact(request: Request) -> ExactRequest:
    """The same request, read exactly; one that was read already keeps its body."""
    if isinstance(request, ExactRequest):
        return request
    return ExactRequest(request.scope, request.receive)


class ExactRoute(APIRoute):
    """A route that reads its body exactly."""

    def get_route_handler(self) -> Handler:
        """The handler; the body is read here, so that its limit answers 413 and not 400."""
        handler = super().get_route_handler()

        async def exact(request: Request) -> Response:
            exact_request = as_exact(request)
            await exact_request.body()
            return await handler(exact_request)

        return exact
