"""Follows each request from outside: a number for it, one line in the log, the figures."""

import time
from dataclasses import dataclass

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics
from engine.store.ids import new_id

NO_ROUTE = "unknown"
# Watchers ask these every few seconds: they are counted, and no news.
QUIET = frozenset({"/healthz", "/readyz"})

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Observed:
    """Logs number, template of the address, status and duration; never the address itself."""

    app: ASGIApp
    metrics: Metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note its end, whatever it is."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number, began = new_id(), time.perf_counter()
        scope.setdefault("state", {})["request_id"] = number
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).append("X-Request-Id", number)
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            seconds, route = time.perf_counter() - began, route_of(scope)
            self.metrics.observe(scope["method"], route, status, seconds)
            if route not in QUIET:
                log.info(
                    "request", request_id=number, method=scope["method"], route=route,
                    status=status, ms=milliseconds(seconds),
                )  # fmt: skip


def milliseconds(seconds: float) -> float:
    """A measured time to a tenth, for the log."""
    return round(seconds * 1000, 1)


def route_of(scope: Scope) -> str:
    """The template of the route that took the request: bounded, and free of what was typed."""
    if scope["path"].startswith("/static/"):
        return "/static"
    return str(getattr(scope.get("route"), "path", NO_ROUTE))
