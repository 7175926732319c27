"""Changing who holds an open work item: loaded under a lock, asked for permission, audited."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.notices import NewNotice, tell
from engine.commands.permissions import demand, refusals_audited, work_access
from engine.commands.trail import Scribe
from engine.domain.access import Verb, WorkAccess, may_be_given
from engine.domain.actions import Action
from engine.domain.notices import NoticeKind
from engine.domain.people import Actor, EmployeeId
from engine.errors import Forbidden, NotFound, StaleVersion, WorkItemClosed
from engine.store import audit, instances, people
from engine.store.database import Transaction
from engine.store.instances import InstanceRow, LoadedInstance
from engine.store.states import WorkItemState
from engine.store.work_items import WorkItemRow


@dataclass(frozen=True)
class Change:
    """A locked work item with what the access rules know of it."""

    tx: Transaction
    actor: Actor
    item: WorkItemRow
    instance: LoadedInstance
    access: WorkAccess
    now: datetime

    @property
    def row(self) -> InstanceRow:
        """The instance of the work item."""
        return self.instance.row

    def note(self, action: Action, **values: object) -> None:
        """Add what the actor did to the trail of the case."""
        scribe = Scribe(self.row.id, self.row.definition_id, self.now, self.actor.employee_id)
        event = scribe.event(action, item=self.item.id, element=self.item.element_id, **values)
        chain = audit.append(self.tx, self.row.chain, [event])
        instances.save_head(self.tx, self.row.chain, chain)

    def tell(self, person: EmployeeId | None, kind: NoticeKind) -> None:
        """Leave a notice about the change for a person; for the actor himself there is none."""
        if person and person != self.actor.employee_id:
            key = f"{kind}:{self.item.id}:{self.item.version}"
            notice = NewNotice(person, kind, key, self.item.id, self.row.id)
            tell(self.tx, [notice], now=self.now)


@contextmanager
def work_change(
    desk: Desk,
    actor: Actor,
    verb: Verb,
    *,
    item_id: str,
    now: datetime,
    expected_version: int | None = None,
) -> Iterator[Change]:
    """One transaction about open work.

    Raises NotFound, Forbidden, WorkItemClosed, or StaleVersion when another version than
    `expected_version` is stored.
    """
    with (
        refusals_audited(desk, actor, verb, target=item_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        loaded = instances.load_for_step(tx, item_id)
        item, row = loaded.item, loaded.instance.row
        properties = desk.definitions.get(tx, row.definition_id).properties_of(item.element_id)
        access = work_access(tx, row, item, properties)
        demand(actor, verb, access)
        if item.state != WorkItemState.OPEN:
            raise WorkItemClosed(item_id, item.state, item.closed_at)
        if expected_version not in {None, item.version}:
            raise StaleVersion(
                "work item", item_id, expected=expected_version or 0, actual=item.version
            )
        yield Change(tx, actor, item, loaded.instance, access, now)


def demand_fit(change: Change, verb: Verb, person: EmployeeId) -> None:
    """Raise NotFound or Forbidden unless the work may be given to somebody in service."""
    if not people.employees_in_service(change.tx, [person]):
        raise NotFound("employee", person)
    verdict = may_be_given(change.access, person)
    if not verdict:
        raise Forbidden(verb.value, verdict.reason.value)
