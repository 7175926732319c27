"""Waiting after wrong guesses: it grows, it has a cap, it ends."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.attempts import (
    ACCOUNT,
    ADDRESS,
    PAIR,
    SIGNING,
    Limit,
    after_success,
    after_try,
    none_yet,
)

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize("limit", [PAIR, ACCOUNT, ADDRESS, SIGNING])
def test_waits_grow_from_nothing_to_the_cap(limit: Limit):
    known, waits, now = none_yet("k", NOW), [], NOW
    for _ in range(limit.free + 20):
        known = after_try(known, limit, now)
        waits.append(known.wait(now))
        now += max(known.wait(now), timedelta(seconds=1))

    assert waits[: limit.free - 1] == [timedelta()] * (limit.free - 1)
    assert waits == sorted(waits)
    assert waits[-1] == limit.longest


def test_guessing_for_a_whole_day_at_one_address_is_slow():
    known, now, tries = none_yet("k", NOW), NOW, 0
    while now < NOW + timedelta(days=1):
        known, tries = after_try(known, PAIR, now), tries + 1
        now += known.wait(now)

    assert tries < 120


def test_old_mistakes_are_forgotten():
    known = none_yet("k", NOW)
    for _ in range(4):
        known = after_try(known, PAIR, NOW)

    assert after_try(known, PAIR, NOW + timedelta(hours=2)).failures == 1


def test_a_right_try_clears_the_record_and_is_trusted_for_a_while():
    known = after_success(after_try(none_yet("k", NOW), PAIR, NOW), NOW)

    assert known.failures == 0
    assert known.trusted(NOW + timedelta(days=89))
    assert not known.trusted(NOW + timedelta(days=91))
