"""Cases to measure: one of every person, in cycle after cycle."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from engine.commands.cycles import open_cycle
from tests.bench.offices import SYSTEM
from tests.cases import NOW, Case
from tests.office import Office

STARTS, ENDS = date(2025, 1, 1), date(2025, 12, 31)
# The people of tests.cases.RELAY appraise only the analyst, so each cycle gives one case.
PERSON = "analyst"


def fresh_cases(office: Office) -> Iterator[Case]:
    """A new case of the same person in a new cycle, as often as asked."""
    while True:
        hr = office.actor("hr_officer", NOW)
        cycle_id = open_cycle(
            office.desk, hr, system=SYSTEM, name="Ukur", starts=STARTS, ends=ENDS, now=NOW
        )
        yield Case.start(replace(office, cycle_id=cycle_id), PERSON)
