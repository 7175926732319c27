"""Counts a try before it is checked, and refuses it while the one before still has to wait."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta

from engine.domain.attempts import Attempts, Limit, after_success, after_try
from engine.errors import TooManyAttempts
from engine.store import sign_in_attempts
from engine.store.database import Transaction

Limits = Mapping[str, Limit]


def count_try(
    tx: Transaction, limits: Limits, *, waived: Mapping[str, str] | None = None, now: datetime
) -> timedelta:
    """Count a try under every key; how long the next one will have to wait.

    `waived` names keys that do not hold back whoever is trusted under another key. Raises
    TooManyAttempts, which counts nothing, so that hammering makes nobody wait longer.
    """
    known = {key: sign_in_attempts.lock(tx, key, now=now) for key in sorted(limits)}
    waived = waived or {}
    asked = [found for key, found in known.items() if not _waived(known, waived.get(key), now)]
    longest = max(found.wait(now) for found in asked)
    if longest > timedelta():
        raise TooManyAttempts(seconds(longest))
    tried = [after_try(found, limits[key], now) for key, found in known.items()]
    for found in tried:
        sign_in_attempts.save(tx, found)
    return max(found.wait(now) for found in tried)


def clear_tries(
    tx: Transaction, keys: tuple[str, ...], *, shared: str | None = None, now: datetime
) -> None:
    """Forget the wrong tries under `keys`; a `shared` key only takes back the one just counted.

    Otherwise somebody with a password of his own could clear the record of his address.
    """
    for key in sorted(keys):
        sign_in_attempts.save(tx, after_success(sign_in_attempts.lock(tx, key, now=now), now))
    if shared:
        known = sign_in_attempts.lock(tx, shared, now=now)
        left = max(known.failures - 1, 0)
        again = Attempts(shared, left, known.last_at, now, known.trusted_until)
        sign_in_attempts.save(tx, again)


def seconds(wait: timedelta) -> int:
    """A wait in whole seconds, rounded up."""
    return max(math.ceil(wait.total_seconds()), 0)


def _waived(known: Mapping[str, Attempts], by: str | None, now: datetime) -> bool:
    return by is not None and known[by].trusted(now)
