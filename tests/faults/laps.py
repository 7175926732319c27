"""Work without end for races and kills: cases of the small system "laps", many cycles of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from engine.commands.cycles import open_cycle
from engine.domain.people import EmployeeId
from engine.store import instances, work_items
from engine.store.work_items import WorkItemRow
from tests.cases import NOW, Case
from tests.office import POSITIONS, Office

LAPS_A_CASE = 12
PEOPLE = tuple(EmployeeId(key) for key, *_ in POSITIONS)


def answers(lap: int) -> dict[str, object]:
    """The answers of one lap; the last of a case ends it."""
    return {"again": lap < LAPS_A_CASE, "text": f"putaran {lap}"}


def cases(office: Office) -> Iterator[Case]:
    """The case of every person in the open cycle, then in cycle after cycle."""
    while True:
        for person in PEOPLE:
            yield case_of(office, person)
        office = replace(office, cycle_id=next_cycle(office))


def laps(office: Office) -> Iterator[tuple[WorkItemRow, int]]:
    """The open work item of each lap with its number; read anew each time."""
    for case in cases(office):
        with office.desk.store.reading(office.agency_id) as tx:
            done = len(work_items.of_instance(tx, case.id))
        for lap in range(done, LAPS_A_CASE + 1):
            item = case.open.get("lap")
            if item:
                yield item, lap


def case_of(office: Office, person: EmployeeId) -> Case:
    """The case of a person in the open cycle, started if need be."""
    with office.desk.store.reading(office.agency_id) as tx:
        known = instances.find_case(
            tx, cycle_id=office.cycle_id, subject_id=person, process_id="laps"
        )
    return Case(office, known.id) if known else Case.start(office, person)


def next_cycle(office: Office) -> str:
    """Open another cycle; its id."""
    hr = office.actor("hr_officer", NOW)
    return open_cycle(
        office.desk, hr, system="laps", name="Putaran",
        starts=date(2025, 1, 1), ends=date(2025, 12, 31), now=NOW,
    )  # fmt: skip
