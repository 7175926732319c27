"""An office in which one head rates many people, each of whom has described the own year."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from engine.commands.complete import complete_work_item
from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.commands.work_forms import open_form
from engine.domain.people import EmployeeId, PositionId, UnitFunction, UnitId
from engine.store import work_items
from engine.store.people import AssignmentRow, DutyRow, EmployeeRow, PositionRow
from engine.store.work_items import WorkItemRow
from tests.office import DEPARTMENT, DIVISION, FOUNDED, SINCE, Office

STARTED = datetime(2026, 1, 5, 2, tzinfo=UTC)
LINK = [{"kind": "link", "link": "https://contoh.go.id/laporan"}]
REALISED: tuple[Mapping[str, Any], ...] = (
    {"realisation": Decimal(98), "evidence": LINK},
    {"realisation": Decimal(2), "evidence": LINK},
    {"realisation_text": "Laporan kegiatan selesai dan diserahkan.", "evidence": LINK},
)
OPERATOR, STRANGER = "operator", "other_operator"


def hire(office: Office, people: int) -> tuple[str, ...]:
    """So many people more below the head of the division, an operator of it and one of another."""
    staff = tuple(f"staff{number:02}" for number in range(1, people + 1))
    new = (*staff, OPERATOR, STRANGER)
    people_in = Organisation(
        positions=tuple(_position(key) for key in new),
        employees=tuple(_employee(key, number) for number, key in enumerate(new, start=1)),
        assignments=tuple(_assignment(key) for key in new),
        duties=(_operator(OPERATOR, DIVISION), _operator(STRANGER, DEPARTMENT)),
    )
    import_people(office.desk, founder(office.agency_id), people=people_in, now=FOUNDED)
    return staff


def _position(key: str) -> PositionRow:
    return PositionRow(PositionId(key), DIVISION, "Penata Layanan", PositionId("division_head"))


def _employee(key: str, number: int) -> EmployeeRow:
    nip = f"19900101201501{1 + number % 2}{number:03}"
    return EmployeeRow(EmployeeId(key), nip, f"Nama {key}", "pns")


def _assignment(key: str) -> AssignmentRow:
    place = PositionId(key)
    return AssignmentRow(f"a-{key}", EmployeeId(key), place, DIVISION, "definitive", SINCE)


def _operator(key: str, unit: UnitId) -> DutyRow:
    return DutyRow(f"d-{key}", EmployeeId(key), UnitFunction.OPERATOR.value, unit, SINCE)


def open_item(office: Office, case: str, element: str) -> WorkItemRow:
    """The open work of one step of a case."""
    with office.desk.store.reading(office.agency_id) as tx:
        items = work_items.open_of_instance(tx, case)
    return next(item for item in items if item.element_id == element)


def describe(office: Office, person: str, case: str, now: datetime = STARTED) -> None:
    """The person sends the description of the own year."""
    actor, item = office.actor(person, now), open_item(office, case, "self_assessment")
    form = open_form(office.desk, actor, item_id=item.id, language="id", now=now)
    rows = [
        {**row, **told}
        for row, told in zip(form.values["rows"], REALISED, strict=True)  # type: ignore[call-overload]
    ]
    answers = {**form.values, "rows": rows, "confirmed": True}
    complete_work_item(office.desk, actor, item_id=item.id, answers=answers, now=now)


def team(office: Office, people: int) -> dict[str, str]:
    """The cases of so many people, all waiting for the rating; by person."""
    cases = {person: office.start(person, STARTED) for person in hire(office, people)}
    for person, case in cases.items():
        describe(office, person, case)
    return cases
