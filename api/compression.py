"""Pages go over the line compressed; a page that another site asked for does not.

The length of a compressed page tells whether a guess inside it was right (BREACH). What must not
be guessed is the form token, which is masked anew each time, and what other sites make a
browser fetch comes uncompressed.
"""

import gzip
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.assets import accepted

LEVEL = 5
WORTH_COMPRESSING = 800
TEXTS = ("text/html", "application/json", "application/problem+json", "text/csv")
OWN_SITES = frozenset({"same-origin", "none", ""})


@dataclass(frozen=True)
class Compression:
    """Compresses whole answers of text with gzip; files and streams pass as they are."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not _wanted(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        held: list[Message] = []

        async def compressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                held.append(message)
                return
            if held:
                start = held.pop()
                body = message.get("body", b"")
                if not message.get("more_body") and len(body) >= WORTH_COMPRESSING:
                    message = {**message, "body": _packed(start, body)}
                await send(start)
            await send(message)

        await self.app(scope, receive, compressed)


def _wanted(asked: Headers) -> bool:
    own = asked.get("sec-fetch-site", "") in OWN_SITES
    return own and "gzip" in accepted(asked.get("accept-encoding", ""))


def _packed(start: MutableMapping[str, Any], body: bytes) -> bytes:
    headers = MutableHeaders(raw=start["headers"])
    if "content-encoding" in headers or not headers.get("content-type", "").startswith(TEXTS):
        return body
    packed = gzip.compress(body, LEVEL, mtime=0)
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(packed))
    headers.add_vary_header("Accept-Encoding")
    start["headers"] = headers.raw
    return packed
