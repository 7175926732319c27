"""Idempotency keys at the door: the same request is executed once and answered with the same bytes.

Commands that take the key themselves keep their answer with what they did. All others are
guarded here by `engine.commands.repeats`.
"""

import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Header, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool

from api.deps import recognise
from api.house import House
from api.problem_table import row_of
from api.refusals import BadRequest
from api.rest.bad_requests import NOT_ALLOWED
from engine.commands.repeats import give_key_back, reserve_key, settle_key
from engine.domain.people import Actor

HEADER = "idempotency-key"
MAX_KEY = 200
KEPT_HEADERS = ("content-type", "etag")
# What else decides what a request does, beside its address and its body.
DECIDING_HEADERS = ("content-type", "if-match")
SERVER_ERROR = 500
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
TheKey = Annotated[
    str | None,
    Header(
        max_length=MAX_KEY,
        pattern="^[!-~]+$",
        description="Made by the caller; the same key with the same request is executed once.",
    ),
]


def guarded(idempotency_key: TheKey = None) -> str | None:
    """Marks a route whose keys are kept here, and describes the header."""
    return idempotency_key


@dataclass(frozen=True)
class Keyed:
    """One request under a key of its sender."""

    house: House
    actor: Actor
    key: str
    digest: str

    def reserved(self) -> str | None:
        """The answer of before; None when the request is to be executed now."""
        now = self.house.clock()
        return reserve_key(
            self.house.desk, self.actor, key=self.key, request_sha256=self.digest, now=now
        )

    def settle(self, answer: str) -> None:
        """Keep the answer."""
        settle_key(self.house.desk, self.actor, key=self.key, answer=answer)

    def give_back(self) -> None:
        """Nothing was done: the key is free again."""
        give_key_back(self.house.desk, self.actor, key=self.key)


async def once(request: Request, handler: Handler) -> Response:
    """Answer a guarded request; without a key, or from a stranger, as any other."""
    body = await request.body()
    keyed = await run_in_threadpool(_keyed, request, body)
    if keyed is None:
        return await handler(request)
    known = await run_in_threadpool(keyed.reserved)
    if known is not None:
        return _answer(known)
    try:
        answer = await handler(request)
    except Exception as error:
        if _is_refusal(error):
            await run_in_threadpool(keyed.give_back)
        raise
    await run_in_threadpool(keyed.settle, _written(answer))
    return answer


def _keyed(request: Request, body: bytes) -> Keyed | None:
    """The request under its key; None where the handler refuses it anyway or no key came."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    house: House = request.app.state.house
    visitor = recognise(request, house)
    token = request.headers.get("x-csrf-token", "")
    if visitor.actor is None or not visitor.meant(token):
        return None
    if not (0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable() and " " not in key):
        raise BadRequest(("header.idempotency-key", NOT_ALLOWED))
    deciding = [request.headers.get(name, "") for name in DECIDING_HEADERS]
    head = json.dumps([request.method, request.url.path, request.url.query, *deciding])
    digest = sha256(head.encode() + b"\n" + body).hexdigest()
    return Keyed(house, visitor.actor, key, digest)


def _is_refusal(error: Exception) -> bool:
    """Whether nothing was done; a breakdown may have come after the work."""
    return isinstance(error, RequestValidationError) or row_of(error).status < SERVER_ERROR


def _written(answer: Response) -> str:
    kept = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    body = bytes(answer.body).decode()
    return json.dumps({"status": answer.status_code, "headers": kept, "body": body})


def _answer(known: str) -> Response:
    stored = json.loads(known)
    return Response(stored["body"], stored["status"], headers=stored["headers"])
