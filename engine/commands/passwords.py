"""Hashes and verifies passwords and PINs with argon2id, two at a time."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from engine.domain.passwords import MAX_LENGTH, normal

MEMORY_KIB, ROUNDS, LANES = 19 * 1024, 2, 1
# A wave of sign-ins waits here instead of taking all memory and both cores.
AT_ONCE = 2
# The hash of a password that was thrown away: who is unknown costs the same as who is wrong.
NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$Z08MKtoyX/8gBHDsCQs"
    "qOw$v03zs5mGw+UEU+JlM7BaBUJKu/0lTXG3scyMe56WzCc"
)


class Passwords:
    """The only door to argon2; one for each process."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._free = BoundedSemaphore(AT_ONCE)

    def hash(self, secret: str) -> str:
        """What is stored of a password or PIN."""
        with self._free:
            return self._hasher.hash(normal(secret))

    def matches(self, stored: str | None, secret: str) -> bool:
        """Whether the secret is the stored one; without a stored one as slow, and never."""
        given = normal(secret[: MAX_LENGTH * 2])
        with self._free:
            try:
                self._hasher.verify(stored or NOBODY, given)
            except VerificationError:
                return False
        return stored is not None
