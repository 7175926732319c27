"""Finished cases that others may come to see, and the answers that they would see of them."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import and_, exists, select

from engine.domain.actions import Action
from engine.domain.confidence import UNNAMED
from engine.queries.people import AnyRow
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.states import InstanceStatus, WorkItemState

_case, _key, _who = t.instance, t.sealing_key, t.employee
_sent, _item, _event = t.submission, t.work_item, t.audit_event
_READABLE = and_(
    _key.c.agency_id == _case.c.agency_id,
    _key.c.id == _case.c.sealing_key_id,
    _key.c.key.is_not(None),
)
_IN_SERVICE = and_(
    _who.c.agency_id == _case.c.agency_id, _who.c.id == _case.c.subject_id, _who.c.active
)
_ENDED = exists().where(
    _event.c.agency_id == _case.c.agency_id,
    _event.c.chain_id == _case.c.id,
    _event.c.action == Action.SHOWING_ENDED.value,
)
# What was taken back counts no more.
_COUNTS = exists().where(
    _item.c.agency_id == _sent.c.agency_id,
    _item.c.id == _sent.c.work_item_id,
    _item.c.state == WorkItemState.COMPLETED.value,
)


def finished(
    tx: Transaction, processes: Collection[str], *, before: str = "", limit: int
) -> Sequence[AnyRow]:
    """Completed cases of these processes, the one begun last first, each with its sealing key.

    None in confidence, of who left the service, whose texts were erased, or whose person does not
    want it shown any more. `before` is the last of the page before.
    """
    columns = (
        _case.c.id, _case.c.definition_id, _case.c.process_id, _case.c.subject_id,
        _case.c.ended_at, _key.c.id.label("key_id"), _key.c.key, _key.c.employee_id,
        _key.c.period, _key.c.created_at,
    )  # fmt: skip
    statement = (
        select(*columns)
        .select_from(_case.join(_key, _READABLE).join(_who, _IN_SERVICE))
        .where(
            _case.c.agency_id == tx.agency_id,
            _case.c.process_id.in_(sorted(processes)),
            _case.c.status == InstanceStatus.COMPLETED.value,
            _case.c.confidential.is_(False),
            t.IS_BESIDE,
            ~_ENDED,
        )
        .order_by(_case.c.id.desc())
        .limit(limit)
    )
    if before:
        statement = statement.where(_case.c.id < before)
    return tx.connection.execute(statement).all()


def is_ended(tx: Transaction, instance_id: str) -> bool:
    """Whether the person of a case took the consent back."""
    statement = select(_case.c.id).where(
        _case.c.agency_id == tx.agency_id, _case.c.id == instance_id, _ENDED
    )
    return tx.connection.execute(statement).first() is not None


def answers_of(tx: Transaction, cases: Collection[str]) -> Mapping[str, Sequence[AnyRow]]:
    """What was sent in each of these cases, still sealed, the oldest first; none in confidence."""
    statement = (
        select(_sent.c.instance_id, _sent.c.element_id, _sent.c.payload, _sent.c.commitment)
        .where(
            _sent.c.agency_id == tx.agency_id,
            _sent.c.instance_id.in_(sorted(cases)),
            _sent.c.actor_id != UNNAMED,
            _COUNTS,
        )
        .order_by(_sent.c.at, _sent.c.id)
    )
    found: dict[str, list[AnyRow]] = {}
    for row in tx.connection.execute(statement) if cases else ():
        found.setdefault(row.instance_id, []).append(row)
    return found
