"""A crash at any statement of any command leaves everything as it was, or wholly done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count as counting
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.cases import problems
from tests.commands.deeds import STEPWISE, WHOLE, Deed
from tests.office import Office
from tests.ready import Offices
from tests.snapshots import snapshot, unexplained


class CrashError(BaseException):
    """The process ends here; no part of the product catches it."""


@contextmanager
def crash_at(statement: int) -> Iterator[Iterator[int]]:
    """Crash just before the statement with this number, the commit counting as one, too."""
    numbers = counting(1)

    def note(*_given: Any) -> None:
        if next(numbers) == statement:
            raise CrashError

    moments = ("before_cursor_execute", "commit")
    for moment in moments:
        event.listen(Engine, moment, note)
    try:
        yield numbers
    finally:
        for moment in moments:
            event.remove(Engine, moment, note)


def crashes(deed: Callable[[], object]) -> Iterator[int]:
    """Carry out the deed again and again, crashing one statement later each time."""
    for statement in counting(1):
        with crash_at(statement):
            try:
                deed()
            except CrashError:
                yield statement
                continue
            return


@pytest.mark.parametrize("prepare", WHOLE.values(), ids=list(WHOLE))
def test_a_crash_before_the_commit_changes_nothing(
    offices: Offices, prepare: Callable[[Offices], Deed]
):
    office, deed = prepare(offices)
    before = snapshot(office)

    survived = 0
    for survived in crashes(deed):  # noqa: B007
        assert snapshot(office) == before

    assert survived > 1
    assert snapshot(office) != before


@pytest.mark.parametrize("prepare", STEPWISE.values(), ids=list(STEPWISE))
def test_a_crash_between_cases_leaves_each_case_whole(
    offices: Offices, prepare: Callable[[Offices], Deed]
):
    office, deed = prepare(offices)
    before = _without_leases(office)

    survived = 0
    for survived in crashes(deed):  # noqa: B007
        assert problems(office) == []
        assert unexplained(before, _without_leases(office)) == []

    assert survived > 3
    assert snapshot(office).keys() != before.keys()


def _without_leases(office: Office) -> dict[Any, Any]:
    """Who carries a timer at the moment is no fact."""
    return {place: row for place, row in snapshot(office).items() if place[0] != "timer"}
