"""What waits on the desks on the day on which the demonstration is made."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.demo.stage import Stage
from api.demo.words import words
from api.i18n import load_words
from api.settings import Settings
from api.web.phrasing import Phrasing
from api.web.sheet_pages import new_sheet
from api.workbooks import Column, SheetTable, csv_of
from engine.commands.assignment import claim, delegate
from engine.commands.checked_sheets import SheetKind
from engine.commands.duties import propose_duty
from engine.commands.imports import COLUMNS, receive_sheet
from engine.commands.result_sheets import record_sheet
from engine.commands.saved_filters import save_filter
from engine.commands.transfers import plan_transfers
from engine.domain.people import EmployeeId, UnitFunction, UnitId
from engine.domain.transfers import NewPost, PlannedTransfer, TransferKind
from engine.queries.result_facts import sheet_facts
from engine.store import appraisals
from engine.store.work_items import WorkItemRow

LANGUAGE = "id"
IMPORTED = "pegawai-baru-disdukcapil.csv"
SHARED_FILTER = "tab=all&due=overdue"
SHEETS = 2
NOTICE_OF_TRANSFER = timedelta(days=14)
CLAIMED, PREPARED = "name_authority", "discussion_record"


@dataclass(frozen=True)
class LastDay:
    """The desks of HR and of raters as the first visitor finds them."""

    stage: Stage
    cycle_id: str
    now: datetime

    def pass_by(self) -> None:
        """Leave everything that waits for somebody."""
        self._hand_on_work()
        self._share_filter()
        self._propose_duty()
        self._send_sheet()
        self._plan_transfers()
        self._make_sheets()

    def _hand_on_work(self) -> None:
        """HR has taken what only HR can do; a rater lets the record of a discussion be prepared."""
        stage, reason = self.stage, words("texts")["reasons"]["delegation"]
        hr = stage.hr(self.now)
        named = self._waiting(CLAIMED)
        if named:
            claim(stage.desk, hr, item_id=named.id, now=self.now)
        record, helper = self._waiting(PREPARED), stage.holder("dinkes_bidang_1_staf_1", "planner")
        if record and record.assignee_id and helper:
            rater = stage.seat(record.assignee_id, self.now)
            delegate(stage.desk, rater, item_id=record.id, to=helper, reason=reason, now=self.now)

    def _waiting(self, element_id: str) -> WorkItemRow | None:
        """The first open work of this step that is not the officer's own case."""
        for person in self.stage.regency.plans:
            item = self.stage.open_item(person, self.cycle_id)
            officer = person == self.stage.regency.holders["hr"]
            if item and item.element_id == element_id and not officer:
                return item
        return None

    def _share_filter(self) -> None:
        name = words("texts")["names"]["filter"]
        save_filter(
            self.stage.desk, self.stage.hr(self.now), name=name, query=SHARED_FILTER,
            for_function=UnitFunction.HR, now=self.now,
        )  # fmt: skip

    def _propose_duty(self) -> None:
        """One officer proposes an operator; the other has not confirmed yet."""
        person = self.stage.holder("disdukcapil_bidang_1_staf_3", "planner")
        if person:
            propose_duty(
                self.stage.desk, self.stage.hr(self.now), employee_id=person,
                function=UnitFunction.OPERATOR, unit_id=self.stage.regency.unit_of(person),
                starts=self.stage.days.today, now=self.now,
            )  # fmt: skip

    def _send_sheet(self) -> None:
        """A sheet of new people, one row of it wrong, waits to be confirmed."""
        columns = COLUMNS[SheetKind.PEOPLE].headings
        rows = words("texts")["import"]["rows"]
        headings = tuple(Column(names[0]) for names in columns.values())
        table = SheetTable("Pegawai", headings, [[row.get(k, "") for k in columns] for row in rows])
        receive_sheet(
            self.stage.desk, self.stage.hr(self.now), kind=SheetKind.PEOPLE,
            content=csv_of(table), name=IMPORTED, now=self.now,
        )  # fmt: skip

    def _plan_transfers(self) -> None:
        """Two transfers are planned for in two weeks; nobody has confirmed them."""
        people = (self.stage.holder(f"dinkes_bidang_1_staf_{n}") for n in (4, 5))
        post = NewPost(UnitId("bappeda"), words("texts")["names"]["post"])
        on = self.stage.days.today + NOTICE_OF_TRANSFER
        planned = [PlannedTransfer(p, TransferKind.TRANSFER, on, post) for p in people if p]
        if planned:
            hr = self.stage.hr(self.now)
            plan_transfers(self.stage.desk, hr, planned=planned, now=self.now)

    def _make_sheets(self) -> None:
        """Some whose result is final have made their result sheet."""
        people = [p for p in self.stage.regency.plans if self._is_final(p)]
        for person in people[:SHEETS]:
            self._make_sheet(person)

    def _is_final(self, person: EmployeeId) -> bool:
        instance_id = self.stage.case_of(person, self.cycle_id)
        if instance_id is None or self.stage.open_item(person, self.cycle_id):
            return False
        with self.stage.desk.store.reading(self.stage.agency_id) as tx:
            return appraisals.get(tx, instance_id).predicate is not None

    def _make_sheet(self, person: EmployeeId) -> None:
        stage = self.stage
        actor, instance_id = stage.seat(person, self.now), stage.case_of(person, self.cycle_id)
        if instance_id is None:
            return
        definitions = stage.desk.definitions
        with stage.desk.store.reading(stage.agency_id) as tx:
            facts = sheet_facts(
                tx, actor, instance_id, now=self.now,
                settings_of=lambda tx, key: definitions.get(tx, key).settings,
            )  # fmt: skip
        say = Phrasing(load_words()[LANGUAGE], stage.days.zone.key, self.now)
        sheet = new_sheet(say, facts, Settings().public_address)
        record_sheet(stage.desk, actor, instance_id=instance_id, sheet=sheet, now=self.now)
