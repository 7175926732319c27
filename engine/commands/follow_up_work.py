"""One follow-up opened for reading or for work: its case, its kind, what was written down."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from engine.commands.answers import decoded
from engine.commands.definitions import LoadedDefinition
from engine.commands.desk import Desk
from engine.commands.permissions import demand
from engine.commands.trail import Scribe
from engine.domain.access import FollowUpAccess, Verb, can
from engine.domain.actions import Action
from engine.domain.follow_ups import FollowUpKind, FollowUpStep
from engine.domain.people import Actor
from engine.domain.settings import SystemSettings
from engine.errors import NotFound
from engine.rules.deadlines import local_date
from engine.rules.forms import Form, FormContext
from engine.store import appraisals, audit, follow_ups, instances, sealing
from engine.store.database import Transaction
from engine.store.follow_ups import EntryRow, FollowUpRow
from engine.store.instances import InstanceRow
from engine.store.sealing import SealingKey, open_committed
from engine.store.states import FollowUpState

Answers = Mapping[str, object]


@dataclass(frozen=True)
class OpenFollowUp:
    """A follow-up with everything that a page or a command needs of it."""

    row: FollowUpRow
    case: InstanceRow
    key: SealingKey
    kind: FollowUpKind
    definition: LoadedDefinition
    access: FollowUpAccess
    entries: tuple[EntryRow, ...]
    context: FormContext

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.row.state == FollowUpState.OPEN

    @property
    def is_late(self) -> bool:
        """Whether its day has passed and it is not done."""
        due = self.row.due_on
        return self.is_open and due is not None and due < self.today

    @property
    def today(self) -> date:
        """The agency's local date."""
        return local_date(self.context.now, self.context.calendar)

    @cached_property
    def step(self) -> FollowUpStep:
        """What is to be written down next."""
        return self.kind.next_step(Counter(FollowUpStep(entry.step) for entry in self.entries))

    @property
    def form(self) -> Form | None:
        """The form of the next step; None where only the proof is asked."""
        return self.form_of(self.step)

    def form_of(self, step: FollowUpStep) -> Form | None:
        """The form of a step."""
        return self.definition.forms.get(self.kind.form_of(step) or "")

    def said(self, entry: EntryRow) -> Answers:
        """What was written down; nothing once its key is destroyed."""
        if self.key.key is None:
            return {}
        return decoded(open_committed(self.key, entry.sealed))


def kind_of(settings: SystemSettings, key: str) -> FollowUpKind:
    """The kind as the system describes it; one that it does not know is HR's to do."""
    return settings.follow_ups.get(key) or FollowUpKind(key, {})


def read_follow_up(
    desk: Desk, tx: Transaction, actor: Actor, follow_up_id: str, *, now: datetime
) -> OpenFollowUp:
    """A follow-up to look at. Raises NotFound, also for who may not know of it."""
    found = _opened(desk, tx, follow_ups.get(tx, follow_up_id), now)
    if not can(actor, Verb.READ_FOLLOW_UP, found.access):
        raise NotFound("follow-up", follow_up_id)
    return found


def lock_follow_up(
    desk: Desk, tx: Transaction, actor: Actor, verb: Verb, follow_up_id: str, *, now: datetime
) -> OpenFollowUp:
    """A follow-up to change, its case locked. Raises NotFound or Forbidden."""
    instances.load(tx, follow_ups.get(tx, follow_up_id).instance_id)
    found = _opened(desk, tx, follow_ups.lock(tx, follow_up_id), now)
    demand(actor, verb, found.access)
    return found


def _opened(desk: Desk, tx: Transaction, row: FollowUpRow, now: datetime) -> OpenFollowUp:
    case = instances.get(tx, row.instance_id)
    appraisal = appraisals.find(tx, case.id)
    definition = desk.definitions.get(tx, case.definition_id)
    return OpenFollowUp(
        row=row,
        case=case,
        key=sealing.get_key(tx, case.sealing_key_id),
        kind=kind_of(definition.settings, row.kind),
        definition=definition,
        access=FollowUpAccess(
            tx.agency_id, case.subject_id, case.unit_id,
            rater_id=appraisal.rater_id if appraisal else None, owner_id=row.owner_id,
        ),
        entries=follow_ups.entries(tx, row.id),
        context=FormContext({}, "owner", now, desk.calendar(tx, now)),
    )  # fmt: skip


def note(tx: Transaction, found: OpenFollowUp, actor: Actor, action: Action, **more: Any) -> None:
    """Put what happened to a follow-up into the trail of its case."""
    case, now = found.case, found.context.now
    scribe = Scribe(case.id, case.definition_id, now, actor.employee_id)
    event = scribe.event(action, kind=found.row.kind, id=found.row.id, **more)
    instances.save_head(tx, case.chain, audit.append(tx, case.chain, [event]))
