"""What every change of the organisation does: ask, remember what was, write the event."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from engine.commands.desk import Desk
from engine.commands.organisation import MAX_NAME
from engine.commands.permissions import demand, refusals_audited
from engine.domain.access import AgencyAccess, Reason, Verb
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.passwords import digits
from engine.domain.people import Actor, EmployeeId
from engine.errors import Finding, Forbidden, InvalidForm, StaleVersion
from engine.rules.deadlines import local_date
from engine.store import audit, organisation, people
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.organisation import ChangeRow
from engine.store.people import PositionRow, UnitRow

ORGANISATION_CHAIN = audit.object_chain("people", "organisation")
MANAGE = Verb.MANAGE_ORGANISATION


@dataclass(frozen=True)
class Office:
    """One change under way: its transaction, who makes it, when, and which day that is."""

    tx: Transaction
    actor: Actor
    now: datetime
    today: date

    def note(self, action: Action, **values: object) -> None:
        """Write what happened: ids, codes and days only."""
        event = AuditEvent(action, self.now, self.actor.employee_id, values=values)
        audit.append_to_chain(self.tx, ORGANISATION_CHAIN, [event])

    def remember(self, noun: str, object_id: str, was: Any, became: Any) -> list[str]:
        """Keep each field in which two records of one thing differ; the names of the fields."""
        names = [field.name for field in fields(was)]
        changed = [name for name in names if getattr(was, name) != getattr(became, name)]
        rows = [
            ChangeRow(
                new_id(), noun, object_id, name, _text(getattr(was, name)),
                _text(getattr(became, name)), self.actor.employee_id, self.now,
            )
            for name in changed
        ]  # fmt: skip
        organisation.keep_changes(self.tx, rows)
        return changed

    def not_about_himself(self, *people: EmployeeId) -> None:
        """Nobody sets up posts or substitutes of his own. Raises Forbidden."""
        if self.actor.employee_id in people:
            raise Forbidden(MANAGE, Reason.OWN_CASE)


@contextmanager
def changing(desk: Desk, actor: Actor, *, target: str, now: datetime) -> Iterator[Office]:
    """The one transaction of a change, for whom may make it. Raises Forbidden."""
    with (
        refusals_audited(desk, actor, MANAGE, target=target, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, MANAGE, AgencyAccess(tx.agency_id))
        yield Office(tx, actor, now, local_date(now, desk.calendar(tx, now)))


def person_named(desk: Desk, actor: Actor, *, nip: str, now: datetime) -> EmployeeId:
    """Whom a NIP names, for whom may change things. Raises Forbidden, or InvalidForm at `nip`."""
    with (
        refusals_audited(desk, actor, MANAGE, target="nip", now=now),
        desk.store.reading(actor.agency_id) as tx,
    ):
        demand(actor, MANAGE, AgencyAccess(tx.agency_id))
        found = people.employee_by_nip(tx, digits(nip))
    if found is None:
        raise InvalidForm([Finding("organisation.unknown_nip", element_id="nip")])
    return found.id


def demand_version(noun: str, known: UnitRow | PositionRow, expected: int | None) -> None:
    """Raise StaleVersion when a change rests on another version than the stored one."""
    if expected is not None and expected != known.version:
        raise StaleVersion(noun, known.id, expected=expected, actual=known.version)


def refuse(found: Mapping[str, str], **params: str) -> None:
    """Raise InvalidForm with a rule for each field that is wrong; nothing when there is none."""
    if found:
        raise InvalidForm(
            [Finding(rule, element_id=place, params=params) for place, rule in found.items()]
        )


def checked_name(text: str, *, place: str = "name") -> str:
    """A name as it is stored. Raises InvalidForm when it is empty or too long."""
    name = " ".join(text.split())
    if not name or len(name) > MAX_NAME:
        refuse({place: "organisation.name"})
    return name


def _text(value: object) -> str | None:
    return None if value is None else str(value)
