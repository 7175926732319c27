"""Whoever sees to a follow-up hears of its day once before and once after it."""

from datetime import datetime, timedelta

import pytest

from engine.jobs.follow_ups import remind_of_follow_ups
from engine.store import tables
from tests.aftermath import completed, rated
from tests.cases import NOW
from tests.office import Office
from tests.ready import Offices

COURSE = {"course": "Pelayanan publik", "hours": 12}
# The training is due after 30 days, the plan after 90.
BEFORE, AFTER = NOW + timedelta(days=24), NOW + timedelta(days=31)


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("aftermath")


def reminded(office: Office, now: datetime) -> int:
    return remind_of_follow_ups(office.desk, office.agency_id, now=now)


def told(office: Office) -> list[tuple[str, str]]:
    notice = tables.notice
    with office.desk.store.reading(office.agency_id) as tx:
        rows = tx.connection.execute(notice.select()).all()
    kinds = ("follow_up_due", "follow_up_late")
    return sorted((row.kind, row.recipient_id) for row in rows if row.kind in kinds)


def test_hr_hears_once_before_the_day_and_once_after_it(office: Office):
    rated(office)

    counts = [reminded(office, now) for now in (NOW, BEFORE, BEFORE, AFTER, AFTER)]

    assert counts == [0, 2, 0, 2, 0]
    assert told(office) == [
        ("follow_up_due", "hr_colleague"), ("follow_up_due", "hr_officer"),
        ("follow_up_late", "hr_colleague"), ("follow_up_late", "hr_officer"),
    ]  # fmt: skip


def test_what_is_due_on_one_day_is_told_once(office: Office):
    rated(office)
    rated(office, "clerk")

    assert reminded(office, BEFORE) == 2


def test_the_rater_hears_of_what_he_sees_to(office: Office):
    rated(office)

    reminded(office, NOW + timedelta(days=85))

    assert told(office) == [("follow_up_due", "division_head")]


def test_what_is_done_is_not_reminded_of(office: Office):
    completed(rated(office), "training", COURSE)

    assert reminded(office, BEFORE) == 0
