"""Reasons that people write: sealed inside the event, so that erasing a key erases them."""

from base64 import b64decode, b64encode

from engine.store.sealing import SealingKey, open_sealed, seal


def sealed_reason(key: SealingKey, reason: str) -> dict[str, str]:
    """Values for an event: the sealed reason and the key that opens it."""
    return {"reason_sealed": b64encode(seal(key, reason.encode())).decode(), "reason_key": key.id}


def opened_reason(key: SealingKey, sealed: str) -> str:
    """The reason of an event. Raises Erased when its key was destroyed."""
    return open_sealed(key, b64decode(sealed)).decode()
