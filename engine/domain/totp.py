"""Time-based one-time passwords of RFC 6238: SHA-1, six digits, steps of 30 seconds."""

import hmac
from base64 import b32encode
from datetime import datetime
from urllib.parse import quote

STEP_S = 30
DIGITS = 6
SECRET_BYTES = 20
# RFC 6238, 5.2: one step either way for clocks that are wrong and fingers that are slow.
DRIFT_STEPS = 1


def step_at(now: datetime) -> int:
    """The number of the step that `now` lies in."""
    return int(now.timestamp()) // STEP_S


def code_at(secret: bytes, step: int) -> str:
    """The code of one step."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: bytes, code: str, now: datetime, *, after: int) -> int | None:
    """The step whose code was given, if it is near `now` and later than `after`; used once only."""
    found = None
    for step in range(step_at(now) - DRIFT_STEPS, step_at(now) + DRIFT_STEPS + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > after:
            found = step
    return found


def provisioning_address(secret: bytes, *, account: str, issuer: str) -> str:
    """What the QR code for an authenticator app holds."""
    label = quote(f"{issuer}:{account}")
    return f"otpauth://totp/{label}?secret={readable(secret)}&issuer={quote(issuer)}"


def readable(secret: bytes) -> str:
    """The secret as people type it where no camera is at hand."""
    return b32encode(secret).decode().rstrip("=")
