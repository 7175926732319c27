"""What many people do alike, handed in by the commands that their pages call."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from engine.commands.complete import complete_work_item
from engine.commands.desk import Desk
from engine.commands.duties import decide_duty
from engine.commands.people import founder
from engine.commands.work_forms import open_form
from engine.domain.people import AgencyId
from engine.queries.inbox import open_items
from engine.rules.deadlines import local_date
from engine.store import agencies, duties, people, staffing
from engine.store.database import ANY_AGENCY
from tests.office import open_desk
from tests.postgres import TestDatabase
from tests.workflows.scenario import overlaid

TARGETS_MET = (Decimal(100), Decimal(3), None)
SELF_ASSESSMENT = "self_assessment"


def assess_themselves(data: Path, nips: Collection[str]) -> None:
    """Each of these people says that the targets were met, with a paper document a line."""
    with _desk(data) as (desk, agency_id):
        for nip in nips:
            _assess(desk, agency_id, nip, datetime.now(UTC))


def confirm_duties(data: Path) -> None:
    """Whoever runs the machine is the second person where there is no second officer yet."""
    with _desk(data) as (desk, agency_id):
        with desk.store.reading(agency_id) as tx:
            waiting = duties.waiting(tx)
        for row in waiting:
            decide_duty(
                desk,
                founder(agency_id),
                proposal_id=row.id,
                confirmed=True,
                now=datetime.now(UTC),
            )


@contextmanager
def _desk(data: Path) -> Iterator[tuple[Desk, AgencyId]]:
    url = f"sqlite:///{data / 'alur.db'}"
    desk = open_desk(TestDatabase(url=url, migration_url=url), data)
    with desk.store.reading(ANY_AGENCY) as tx:
        (agency_id,) = agencies.every_id(tx)
    yield desk, agency_id
    desk.store.close()


def _assess(desk: Desk, agency_id: AgencyId, nip: str, now: datetime) -> None:
    with desk.store.reading(agency_id) as tx:
        employee = people.employee_by_nip(tx, nip)
        assert employee is not None
        actor = staffing.actor(tx, employee.id, local_date(now, desk.calendar(tx, now)))
        (item,) = (row for row in open_items(tx, actor) if row.element_id == SELF_ASSESSMENT)
    opened = open_form(desk, actor, item_id=item.item_id, language="id", now=now)
    paper = {"kind": "paper", "number": "800/9/2026"}
    given = {
        "rows": [
            {"realisation": met, "evidence": [paper]}
            if met is not None
            else {"realisation_text": "Laporan selesai.", "evidence": [paper]}
            for met in TARGETS_MET
        ],
        "confirmed": True,
    }
    answers = overlaid(opened.values, given)
    complete_work_item(desk, actor, item_id=item.item_id, answers=answers, now=now)
