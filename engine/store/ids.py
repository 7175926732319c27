"""New ids: UUIDv7, so that rows written together lie together."""

from datetime import datetime, timedelta

from uuid_utils import uuid7

# RFC 9562: the first 48 bits of a UUIDv7 count milliseconds.
_CLOCK_DIGITS = 12


def new_id() -> str:
    """A new id; its leading bits are the time, the rest is random."""
    return str(uuid7())


def id_before(identifier: str, span: timedelta) -> str:
    """A text that sorts below every id made `span` before this one, or later."""
    made_ms = int(identifier.replace("-", "")[:_CLOCK_DIGITS], 16)
    return _sorted_at(max(0, made_ms - span // timedelta(milliseconds=1)))


def id_at(instant: datetime) -> str:
    """A text that sorts below every id made at this instant or later."""
    return _sorted_at(int(instant.timestamp() * 1000))


def _sorted_at(made_ms: int) -> str:
    digits = f"{made_ms:0{_CLOCK_DIGITS}x}"
    return f"{digits[:8]}-{digits[8:]}"
