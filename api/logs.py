"""How the product logs: one JSON line an event; tracebacks never show the values of variables."""

import sys

import structlog


def configure_logs() -> None:
    """Log to the standard error stream for the rest of this process.

    The library's own default prints every local variable of a traceback: names, numbers and
    answers of people, and for seconds.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
    )
