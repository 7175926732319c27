"""Starts many cases that start alike by inserting what one of them would have written."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from engine.bpmn.environment import OperationResult, StepContext
from engine.bpmn.prefix import Prefix, run_prefix
from engine.commands.case_data import Beginnings
from engine.commands.first_steps import started_event
from engine.commands.notices import NewNotice, tell
from engine.commands.projections import new_item, opened_event
from engine.commands.retained import RETAINED
from engine.commands.roles import CasePeople, place
from engine.commands.steps import deadlines_of
from engine.commands.trail import Scribe
from engine.domain.audit import GENESIS, AuditEvent, ChainHead
from engine.domain.notices import NoticeKind
from engine.domain.people import EmployeeId, UnitId
from engine.domain.process import InstanceId
from engine.domain.settings import RoleKind, SystemSettings
from engine.errors import OperationFailed
from engine.queries.rosters import Raters
from engine.rules.deadlines import Calendar, local_date
from engine.store import appraisals, audit, instances, messages, sealing, timers, work_items
from engine.store.appraisals import AppraisalRow
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.instances import InstanceRow
from engine.store.messages import AwaitedRow
from engine.store.sealing import SealingKey, seal
from engine.store.timers import TimerRow
from engine.store.work_items import WorkItemRow

# One write leaves the second version, as when a case is recorded first and saved after its start.
AFTER_START = 2
# People of so many kinds of starts are better started one by one.
MOST_PREFIXES = 40
PLAN = "plan"


@dataclass
class Batch:
    """The rows of the cases that one transaction starts."""

    tx: Transaction
    by: EmployeeId
    known: Beginnings
    calendar: Calendar
    now: datetime
    prefixes: list[Prefix] = field(default_factory=list)
    tried: int = 0
    cases: list["StartedCase"] = field(default_factory=list)

    @property
    def settings(self) -> SystemSettings:
        """The settings of the system that is launched."""
        return self.known.definition.settings

    @property
    def today(self) -> date:
        """The agency's local date."""
        return local_date(self.now, self.calendar)

    def take(self, employee_id: EmployeeId) -> bool:
        """Add a person's case; False when it needs a start of its own.

        Raises NotFound for whom no appraisal can start.
        """
        data, raters = self.known.outline(employee_id), self.known.raters(employee_id)
        prefix = self._prefix_for(employee_id, data)
        if prefix is None:
            return False
        self.cases.append(self._started(employee_id, data, raters, prefix))
        return True

    def write(self) -> None:
        """Insert everything; the caller's transaction commits. Raises Conflict."""
        people = [case.row.subject_id for case in self.cases]
        period = self.known.cycle.id
        keys = sealing.keys_for(self.tx, people, period=period, now=self.now)
        heads = audit.begin_chains(self.tx, {case.row.id: case.events for case in self.cases})
        done = [case.sealed(keys[case.row.subject_id], heads[case.row.id]) for case in self.cases]
        instances.add_started(self.tx, done)
        appraisals.add_many(self.tx, [case.appraisal for case in self.cases])
        work_items.open_many(self.tx, [item for case in self.cases for item in case.items])
        timers.add_many(self.tx, [timer for case in self.cases for timer in case.timers])
        messages.add_many(self.tx, [wait for case in self.cases for wait in case.awaited])
        tell(self.tx, [told for case in self.cases for told in case.notices], now=self.now)

    def _prefix_for(self, employee_id: EmployeeId, data: dict[str, object]) -> Prefix | None:
        found = next((prefix for prefix in self.prefixes if prefix.fits(data)), None)
        if found is None and self.tried < MOST_PREFIXES:
            self.tried += 1
            found = self._new_prefix(self.known.data(employee_id))
            if found:
                self.prefixes.append(found)
        return found

    def _new_prefix(self, data: dict[str, object]) -> Prefix | None:
        """None also for starts that read the database or the plan: those are nobody else's."""
        settings = self.settings
        deadline = deadlines_of(settings.deadlines, self.calendar, self.now)
        context = StepContext(
            self.now, deadline, self.calendar, _no_operation, limits=settings.limits
        )
        specs = self.known.definition.specs
        found = run_prefix(specs, settings.main_process, data, context)
        if found is None or PLAN in found.reads:
            return None
        if any(message.name in RETAINED for message in found.awaited):
            return None
        roles = [role for task in found.ready for role in settings.roles_of_lane(task.lane)]
        return None if any(role.kind is RoleKind.NOMINATED for role in roles) else found

    def _started(
        self, employee_id: EmployeeId, data: dict[str, object], raters: Raters, prefix: Prefix
    ) -> "StartedCase":
        row = InstanceRow(
            id=InstanceId(new_id()),
            definition_id=self.known.definition.id,
            process_id=self.settings.main_process,
            cycle_id=self.known.cycle.id,
            subject_id=employee_id,
            unit_id=UnitId(str(data["unit_id"])),
            sealing_key_id="",
            started_at=self.now,
            audit_head=GENESIS,
            audit_count=0,
            version=AFTER_START,
        )
        scribe = Scribe(row.id, row.definition_id, self.now, self.by, "hr")
        items = self._items(row, raters, prefix)
        events = [
            started_event(scribe, self.known.cycle, raters),
            *(scribe.record(record) for record in prefix.records),
            *(opened_event(scribe, item) for item in items),
        ]
        state = prefix.state_for(data, {PLAN: self.known.plan(employee_id)})
        return StartedCase(row, raters, prefix, state, items, events)

    def _items(self, row: InstanceRow, raters: Raters, prefix: Prefix) -> list[WorkItemRow]:
        people = CasePeople(row.subject_id, row.unit_id, *raters)
        items = []
        for task, due_at in zip(prefix.ready, prefix.dues, strict=True):
            placement = place(self.tx, self.settings, task, case=people, data={}, on=self.today)
            items.append(new_item(row, task, placement, due_at=due_at, now=self.now))
        return items


@dataclass(frozen=True)
class StartedCase:
    """One case after its start, before it is written."""

    row: InstanceRow
    raters: Raters
    prefix: Prefix
    state: bytes
    items: Sequence[WorkItemRow]
    events: Sequence[AuditEvent]

    def sealed(self, key: SealingKey, head: ChainHead) -> tuple[InstanceRow, bytes]:
        """The case with its key and the end of its chain, and its sealed state."""
        row = replace(self.row, sealing_key_id=key.id, audit_head=head.head, audit_count=head.count)
        return row, seal(key, self.state)

    @property
    def appraisal(self) -> AppraisalRow:
        """The case in figures."""
        row = self.row
        return AppraisalRow(row.id, row.cycle_id, row.subject_id, row.unit_id, *self.raters)

    @property
    def timers(self) -> list[TimerRow]:
        """What the case waits for in time."""
        return [
            TimerRow(self.row.id, timer.task_id, timer.element_id, timer.due_at)
            for timer in self.prefix.timers
        ]

    @property
    def awaited(self) -> list[AwaitedRow]:
        """The messages that the case waits for."""
        return [
            AwaitedRow(self.row.id, wait.task_id, wait.element_id, wait.name, wait.correlation)
            for wait in self.prefix.awaited
        ]

    @property
    def notices(self) -> list[NewNotice]:
        """What those are told who have work now, under the key that later rounds look for."""
        kind = NoticeKind.NEW_WORK
        return [
            NewNotice(item.assignee_id, kind, f"{kind}:{item.id}", item.id, self.row.id)
            for item in self.items
            if item.assignee_id
        ]


def _no_operation(name: str, _params: object, _data: object) -> OperationResult:
    raise OperationFailed("operation.reads_the_case", name=name)
