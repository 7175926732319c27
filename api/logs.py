"""How the product logs: one JSON line an event, without anything that people typed or are called.

Errors are told by their kinds and places only: the text of a foreign exception may quote what was
typed, and a database names the values of a key that is there already.
"""

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from types import TracebackType
from typing import Any

import structlog

from engine.errors import AlurError

# Numbers of people have 18 digits or 16; ours are shorter or hold letters.
_LONG_NUMBER = re.compile(r"\d{8,}")
FOREIGN_LEVEL = logging.WARNING
FRAMES = 20


def configure_logs() -> None:
    """Log to the standard error stream for the rest of this process, libraries included."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            tell_errors_by_kind,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
    )
    logging.basicConfig(handlers=[_Lines()], level=FOREIGN_LEVEL, force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


def tell_errors_by_kind(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace an exception by its kinds, its own words where we wrote them, and its places."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()[1]
    elif isinstance(given, tuple):
        given = given[1]
    if isinstance(given, BaseException):
        event["error"] = " < ".join(type(error).__name__ for error in _chain(given))
        event["places"] = list(_places(given.__traceback__))[-FRAMES:]
        if isinstance(given, AlurError):
            event["said"] = _LONG_NUMBER.sub("…", str(given))
    return event


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it comes from."""
    following: BaseException | None = error
    while following is not None:
        yield following
        following = following.__cause__ or following.__context__


def _places(trace: TracebackType | None) -> Iterator[str]:
    while trace is not None:
        code = trace.tb_frame.f_code
        yield f"{code.co_filename}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next


class _Lines(logging.Handler):
    """Passes what libraries log through the same words."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line; the message of a library is its template, never filled."""
        structlog.get_logger().log(
            record.levelno, str(record.msg)[:200], source=record.name, exc_info=record.exc_info
        )
