"""One daily log, opened for a command: its limits, its key, its people and its chain."""

from dataclasses import dataclass
from datetime import date, datetime

from engine.commands.desk import Desk
from engine.commands.notices import NewNotice, tell
from engine.commands.permissions import demand
from engine.domain.access import Verb
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.daily_log import LogRules
from engine.domain.log_content import LogContent, content_of
from engine.domain.notices import NoticeKind
from engine.domain.people import Actor, EmployeeId
from engine.errors import Conflict, NotFound
from engine.rules.deadlines import Calendar, local_date
from engine.store import audit, cycles, daily_logs, sealing
from engine.store.cycles import CycleRow
from engine.store.daily_logs import LogRow
from engine.store.database import Transaction
from engine.store.log_entries import EntryRow
from engine.store.sealing import Sealed, SealingKey, open_committed, seal_committed
from engine.store.states import CycleStatus


@dataclass(frozen=True)
class Keeping:
    """A log that this transaction alone may change, and who acts on which day."""

    tx: Transaction
    actor: Actor
    log: LogRow
    cycle: CycleRow
    rules: LogRules
    key: SealingKey
    calendar: Calendar
    now: datetime

    @property
    def today(self) -> date:
        """The day in the zone of the agency."""
        return local_date(self.now, self.calendar)

    def seal(self, content: LogContent) -> Sealed:
        """The content under the key of the person and cycle."""
        return seal_committed(self.key, content.as_bytes())

    def content(self, entry: EntryRow) -> LogContent:
        """What an entry says. Raises Erased, TrailBroken."""
        return content_of(open_committed(self.key, entry.sealed))

    def note(self, action: Action, **values: object) -> None:
        """Write what happened into the chain of the log; a substitute acts for the rater."""
        mine = {self.log.employee_id, self.log.rater_id}
        behalf = None if self.actor.employee_id in mine else self.log.rater_id
        known = {"cycle": self.cycle.id, "person": self.log.employee_id, **values}
        event = AuditEvent(
            action, self.now, self.actor.employee_id, on_behalf_of=behalf, values=known
        )
        audit.append_to_chain(self.tx, self.log.chain, [event])

    def note_entry(self, action: Action, entry: EntryRow) -> None:
        """The same of an entry, with everything that it vouches for."""
        self.note(
            action, entry=entry.id, day=entry.day, minutes=entry.minutes, quantity=entry.quantity,
            planned=entry.planned, state=entry.state, revision=entry.revision,
            commitment=entry.commitment,
        )  # fmt: skip

    def tell(self, recipient: EmployeeId | None, kind: NoticeKind, about: str) -> None:
        """Tell the other one, once for what it is about; nobody is told what he did himself."""
        if recipient and recipient != self.actor.employee_id:
            new = NewNotice(recipient, kind, f"{kind}:{about}", cycle_id=self.cycle.id)
            tell(self.tx, [new], now=self.now)


def open_log(
    desk: Desk, tx: Transaction, actor: Actor, verb: Verb, log: LogRow, *, now: datetime
) -> Keeping:
    """The log, locked. Raises NotFound, Forbidden, or Conflict when the cycle is closed."""
    locked = daily_logs.lock(tx, log.cycle_id, log.employee_id)
    demand(actor, verb, locked.access(tx.agency_id))
    cycle, rules = limits_of(desk, tx, log)
    if cycle.status != CycleStatus.OPEN:
        raise Conflict(f"cycle {cycle.id} is closed")
    key = sealing.key_for(tx, log.employee_id, period=cycle.id, now=now)
    return Keeping(tx, actor, locked, cycle, rules, key, desk.calendar(tx, now), now)


def limits_of(desk: Desk, tx: Transaction, log: LogRow) -> tuple[CycleRow, LogRules]:
    """The cycle of a log with the limits of its system. Raises NotFound where it has none."""
    cycle = cycles.get(tx, log.cycle_id)
    rules = desk.definitions.get(tx, cycle.definition_id).settings.daily_log
    if rules is None:
        raise NotFound("daily log", log.employee_id)
    return cycle, rules
