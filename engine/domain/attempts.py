"""How long somebody must wait after wrong guesses: growing delays with a cap, never a lockout."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Limit:
    """`free` wrong tries cost nothing; then the wait doubles from `first` up to `longest`.

    Wrong tries are forgotten after `memory` without another one.
    """

    free: int
    first: timedelta
    longest: timedelta
    memory: timedelta = timedelta(hours=1)


# A person at one address: the usual guesser, and the usual forgetful owner.
PAIR = Limit(5, timedelta(seconds=5), timedelta(minutes=15))
# A person from all addresses together. The cap is short, because strangers reach it for him.
ACCOUNT = Limit(20, timedelta(seconds=10), timedelta(minutes=1))
# One address for all persons: a whole office may sit behind it.
ADDRESS = Limit(60, timedelta(seconds=2), timedelta(minutes=2))
# The poster at a counter from one address in one hour: phones share addresses, a queue is short.
POSTER = Limit(40, timedelta(seconds=30), timedelta(minutes=30))
# Signing with a PIN or a code, by somebody who is signed in already.
SIGNING = Limit(4, timedelta(seconds=10), timedelta(minutes=15))

TRUST = timedelta(days=90)


@dataclass(frozen=True)
class Attempts:
    """The wrong tries under one key; `trusted_until` once a right one came from there."""

    key: str
    failures: int
    last_at: datetime
    blocked_until: datetime
    trusted_until: datetime | None = None

    def wait(self, now: datetime) -> timedelta:
        """How long until the next try counts; zero or less when it may be made."""
        return self.blocked_until - now

    def trusted(self, now: datetime) -> bool:
        """Whether a right try came from there lately."""
        return self.trusted_until is not None and now < self.trusted_until


def none_yet(key: str, now: datetime) -> Attempts:
    """A key that nobody tried."""
    return Attempts(key, 0, now, now)


def after_try(known: Attempts, limit: Limit, now: datetime) -> Attempts:
    """The attempts with one more; counted before it is checked, so that a crowd gains nothing."""
    failures = 1 if now - known.last_at > limit.memory else known.failures + 1
    over = failures - limit.free
    wait = min(limit.longest, limit.first * 2 ** min(over, 16)) if over >= 0 else timedelta()
    return replace(known, failures=failures, last_at=now, blocked_until=now + wait)


def after_success(known: Attempts, now: datetime) -> Attempts:
    """Nothing is held against somebody who knew it."""
    return Attempts(known.key, 0, now, now, now + TRUST)
