"""Finds a case for an actor: who it is about, and what the access rules need to know of it."""

from datetime import datetime

from sqlalchemy import and_, select

from engine.domain.access import CaseAccess, Verb, WorkAccess, can
from engine.domain.confidence import CONFIDENCE
from engine.domain.people import Actor, EmployeeId, UnitFunction, UnitId
from engine.domain.process import DefinitionId, InstanceId
from engine.errors import NotFound
from engine.queries.case_views import CaseHead
from engine.queries.people import AnyRow, agency_day, people
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.states import readers_of


def case_head(
    tx: Transaction, actor: Actor, instance_id: str, *, verb: Verb, now: datetime
) -> CaseHead:
    """The case, if the actor may do `verb` with it; otherwise NotFound, as for one that is not."""
    head = any_case_head(tx, instance_id, now)
    if not can(actor, verb, head.access):
        raise NotFound("case", instance_id)
    return head


def any_case_head(tx: Transaction, instance_id: str, now: datetime) -> CaseHead:
    """The case without any check; the caller asks `can`. Raises NotFound."""
    case, period, figures = t.instance, t.cycle, t.appraisal
    in_cycle = and_(period.c.agency_id == case.c.agency_id, period.c.id == case.c.cycle_id)
    of_case = and_(figures.c.agency_id == case.c.agency_id, figures.c.instance_id == case.c.id)
    row = tx.connection.execute(
        select(
            case,
            period.c.name.label("period"),
            figures.c.rater_id,
            figures.c.rater_superior_id,
            figures.c.appeal_open,
        )
        .select_from(case.join(period, in_cycle).outerjoin(figures, of_case))
        .where(case.c.agency_id == tx.agency_id, case.c.id == instance_id)
    ).one_or_none()
    if row is None:
        raise NotFound("case", instance_id)
    subject = people(tx, [row.subject_id], agency_day(tx, now))[row.subject_id]
    return CaseHead(
        InstanceId(row.id),
        DefinitionId(row.definition_id),
        subject,
        row.period,
        row.status,
        bool(row.appeal_open),
        _access(tx, row),
        row.sealing_key_id,
        row.started_at,
        row.process_id,
        row.cycle_id,
        row.turn,
    )


def _access(tx: Transaction, row: AnyRow) -> CaseAccess:
    return CaseAccess(
        agency_id=tx.agency_id,
        subject_id=EmployeeId(row.subject_id),
        unit_id=UnitId(row.unit_id),
        rater_id=row.rater_id,
        rater_superior_id=row.rater_superior_id,
        holders=_holders(tx, row.id),
        functions=_functions(tx, row.id) if row.confidential else frozenset(),
        confidential=row.confidential,
        readers=readers_of(row.readers, row.status),
    )


def work_access(case: CaseAccess, row: AnyRow) -> WorkAccess:
    """What the access rules need of a work item, without the separations of the diagram."""
    return WorkAccess(
        case,
        EmployeeId(row.assignee_id) if row.assignee_id else None,
        UnitFunction(row.function) if row.function else None,
        delegated_to=EmployeeId(row.delegated_to) if row.delegated_to else None,
        sealed=row.participation == CONFIDENCE,
    )


def _holders(tx: Transaction, instance_id: str) -> frozenset[EmployeeId]:
    """Everybody who has or had work in the case, but for who was asked in confidence."""
    item = t.work_item
    statement = select(item.c.assignee_id, item.c.closed_by, item.c.offered_to).where(
        item.c.agency_id == tx.agency_id,
        item.c.instance_id == instance_id,
        t.IS_IN_THE_OPEN,
    )
    found = {value for row in tx.connection.execute(statement) for value in row if value}
    return frozenset(EmployeeId(value) for value in found)


def _functions(tx: Transaction, instance_id: str) -> frozenset[UnitFunction]:
    """The unit functions that have or had work in the case."""
    item = t.work_item
    statement = select(item.c.function).where(
        item.c.agency_id == tx.agency_id,
        item.c.instance_id == instance_id,
        item.c.function.is_not(None),
    )
    return frozenset(UnitFunction(found) for found in tx.connection.execute(statement).scalars())
