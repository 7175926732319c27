"""The outer guards of every request: headers, body limit, origin, and the token of each form."""

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.refusals import BodyTooLarge

SESSION_COOKIE = "alur_session"
FORM, FILE = "multipart/form-data", "application/octet-stream"
UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_TRUSTED_SITES = frozenset({"same-origin", "none"})
_TOKEN_BYTES = 32
_FORM_TOKEN = re.compile(f"[0-9a-f]{{{4 * _TOKEN_BYTES}}}")


def new_token() -> str:
    """A fresh opaque session token; only its hash is ever stored."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What the database keeps of a session token."""
    return sha256(token.encode()).hexdigest()


def form_token(session_token: str) -> str:
    """The token that every form of this session carries; another site cannot compute it.

    It is masked anew each time, so that the length of compressed pages tells nothing about it.
    """
    mask = secrets.token_bytes(_TOKEN_BYTES)
    return mask.hex() + _masked(_form_digest(session_token), mask).hex()


def is_form_token(session_token: str, given: str) -> bool:
    """Whether `given` is a form token of the session, compared in constant time."""
    if not _FORM_TOKEN.fullmatch(given):
        return False
    both = bytes.fromhex(given)
    found = _masked(both[_TOKEN_BYTES:], both[:_TOKEN_BYTES])
    return hmac.compare_digest(found, _form_digest(session_token))


def _form_digest(session_token: str) -> bytes:
    return sha256(b"form:" + session_token.encode()).digest()


def _masked(content: bytes, mask: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(content, mask, strict=True))


def security_headers(nonce: str) -> Mapping[str, str]:
    """The headers of every answer; `nonce` allows the one style block of a form."""
    policy = (
        f"default-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


@dataclass(frozen=True)
class SecurityHeaders:
    """Adds the headers, and gives the request its nonce as `request.state.nonce`."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request with the headers added."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in security_headers(nonce).items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, with_headers)


@dataclass(frozen=True)
class SameOrigin:
    """Refuses every changing request that a browser says comes from another site."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        if scope["type"] == "http" and scope["method"] in UNSAFE_METHODS and _is_foreign(scope):
            await PlainTextResponse("request from another site refused", 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _is_foreign(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None and site not in _TRUSTED_SITES:
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


@dataclass(frozen=True)
class PlainAddress:
    """Refuses addresses with a NUL: no text of ours has one, and PostgreSQL takes none."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 400."""
        if scope["type"] == "http" and ("\0" in scope["path"] or b"%00" in scope["query_string"]):
            await PlainTextResponse("address refused", 400)(scope, receive, send)
            return
        await self.app(scope, receive, send)


@dataclass(frozen=True)
class BodyLimit:
    """Stops reading a body at the limit, before anything parses it; forms with files get more."""

    app: ASGIApp
    limit: int
    upload_limit: int
    upload_prefix: tuple[str, ...] = (
        "/work-items/", "/preparing/", "/imports", "/surveys/", "/follow-ups/",
        "/daily-log",
    )  # fmt: skip
    file_prefix: tuple[str, ...] = (
        "/api/v1/work-items/", "/api/v1/imports", "/api/v1/cycles/", "/api/v1/daily-log/",
    )  # fmt: skip
    # Files inside of JSON: four letters for three bytes.
    encoded_prefix: tuple[str, ...] = ("/api/v1/follow-ups/",)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a counted body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        kind = headers.get("content-type", "")
        is_form = scope["path"].startswith(self.upload_prefix) and kind.startswith(FORM)
        is_file = scope["path"].startswith(self.file_prefix) and kind.startswith(FILE)
        limit = self.upload_limit if is_form or is_file else self.limit
        if scope["path"].startswith(self.encoded_prefix):
            limit = self.upload_limit * 4 // 3
        declared = headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > limit:
            await PlainTextResponse("request too large", 413)(scope, receive, send)
            return
        await self.app(scope, _counted(receive, limit), send)


def _counted(receive: Receive, limit: int) -> Receive:
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise BodyTooLarge(limit)
        return message

    return counted
