"""Cases to measure: one of every person, in cycle after cycle."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from engine.commands.cycles import open_cycle
from tests.bench.offices import SYSTEM
from tests.cases import NOW, Case
from tests.office import Office

STARTS, ENDS = date(2025, 1, 1), date(2025, 12, 31)
# The people of tests.cases.RELAY appraise only the analyst, so each cycle gives one case.
PERSON = "analyst"


def fresh_cases(office: Office, *, now: datetime | None = NOW) -> Iterator[Case]:
    """A new case of the same person in a new cycle, as often as asked; None is the wall clock."""
    while True:
        at = now or datetime.now(UTC)
        hr = office.actor("hr_officer", at)
        cycle_id = open_cycle(
            office.desk, hr, system=SYSTEM, name="Ukur", starts=STARTS, ends=ENDS, now=at
        )
        yield Case.start(replace(office, cycle_id=cycle_id), PERSON, now=at)
