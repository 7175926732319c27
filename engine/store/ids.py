"""New ids: UUIDv7, so that rows written together lie together."""

from uuid_utils import uuid7


def new_id() -> str:
    """A new id; its leading bits are the time, the rest is random."""
    return str(uuid7())
