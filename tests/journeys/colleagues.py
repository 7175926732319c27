"""What many people do alike, handed in by the commands that their pages call."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.commands.complete import complete_work_item
from engine.commands.desk import Desk
from engine.commands.duties import decide_duty
from engine.commands.people import founder
from engine.commands.work_forms import open_form
from engine.domain.people import AgencyId
from engine.rules.deadlines import local_date
from engine.store import agencies, appraisals, duties, people, staffing, work_items
from engine.store.database import ANY_AGENCY
from engine.store.work_items import WorkItemRow
from tests.office import open_desk
from tests.postgres import TestDatabase
from tests.workflows.scenario import overlaid

TODAY = datetime.now(ZoneInfo("Asia/Jakarta")).date()
PAPER = [{"kind": "paper", "number": "800/9/2026"}]
# What is answered at each step; signing takes the PIN besides.
ANSWERS: Mapping[str, Mapping[str, object]] = {
    "self_assessment": {
        "rows": [
            {"realisation": Decimal(100), "evidence": PAPER},
            {"realisation": Decimal(3), "evidence": PAPER},
            {"realisation_text": "Laporan selesai.", "evidence": PAPER},
        ],
        "confirmed": True,
    },
    "discussion_record": {
        "held_on": TODAY.isoformat(),
        "mode": "in_person",
        "topics": ["results"],
        "agreements": [
            {
                "text": "Mengikuti pelatihan layanan daring.",
                "owner": "employee",
                "due_on": (TODAY + timedelta(days=60)).isoformat(),
            }
        ],
    },
    "discussion_confirm": {"took_place": True, "wants_explanation": False},
    "sign_result": {"confirmed": True},
    "deliver_result": {"opened": True},
    "notify_ack": {"result_read": True, "decision": "accept"},
}


@dataclass(frozen=True)
class Colleagues:
    """The people of the only agency in a data folder."""

    desk: Desk
    agency_id: AgencyId

    def assess_themselves(self, nips: Collection[str]) -> None:
        """Each of these people says that the targets were met, with a paper document a line."""
        for nip in nips:
            for item in self._open_of(nip):
                self._hand_in(item)

    def finish(self, nips: Collection[str], *, pin: str) -> None:
        """The rest of these people's appraisals, each step by whom it is with; nobody appeals."""
        for nip in nips:
            while items := self._open_of(nip):
                self._hand_in(items[0], pin if items[0].element_id == "sign_result" else None)

    def confirm_duties(self) -> None:
        """Whoever runs the machine is the second person where there is no second officer yet."""
        with self.desk.store.reading(self.agency_id) as tx:
            waiting = duties.waiting(tx)
        actor, now = founder(self.agency_id), datetime.now(UTC)
        for row in waiting:
            decide_duty(self.desk, actor, proposal_id=row.id, confirmed=True, now=now)

    def _open_of(self, nip: str) -> tuple[WorkItemRow, ...]:
        with self.desk.store.reading(self.agency_id) as tx:
            employee = people.employee_by_nip(tx, nip)
            assert employee is not None
            (appraisal,) = appraisals.of_employee(tx, employee.id)
            return work_items.open_of_instance(tx, appraisal.instance_id)

    def _hand_in(self, item: WorkItemRow, code: str | None = None) -> None:
        now = datetime.now(UTC)
        assert item.assignee_id is not None
        with self.desk.store.reading(self.agency_id) as tx:
            on = local_date(now, self.desk.calendar(tx, now))
            actor = staffing.actor(tx, item.assignee_id, on)
        opened = open_form(self.desk, actor, item_id=item.id, language="id", now=now)
        answers = overlaid(opened.values, ANSWERS[item.element_id])
        complete_work_item(
            self.desk, actor, item_id=item.id, answers=answers, now=now, signature_code=code
        )


@contextmanager
def colleagues_of(data: Path) -> Iterator[Colleagues]:
    """The people of a data folder, while its server works on it too."""
    url = f"sqlite:///{data / 'alur.db'}"
    desk = open_desk(TestDatabase(url=url, migration_url=url), data)
    with desk.store.reading(ANY_AGENCY) as tx:
        (agency_id,) = agencies.every_id(tx)
    yield Colleagues(desk, agency_id)
    desk.store.close()
