"""The matrix of roles and results of somebody who leads others, in one period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import exists, or_, select

from engine.domain.cascade import Line, RolesMatrix, roles_matrix
from engine.domain.people import EmployeeId
from engine.queries.people import Person, agency_day, people, some
from engine.store import staffing
from engine.store import tables as t
from engine.store.database import Transaction


@dataclass(frozen=True)
class MatrixPage:
    """The matrix with its people by name; `has_plan` is false where the leader has none himself."""

    cycle_id: str
    period: str
    staff: tuple[Person, ...]
    matrix: RolesMatrix
    has_plan: bool


def matrix_page(
    tx: Transaction, leader: EmployeeId, now: datetime, *, cycle_id: str = ""
) -> MatrixPage | None:
    """Of the asked period; None without one, and for who leads nobody.

    Without `cycle_id` it is the latest in which the leader takes part, or else the latest of all.
    """
    period, day = _period(tx, leader, cycle_id), agency_day(tx, now)
    post = staffing.assignment_on(tx, leader, day)
    below = staffing.subordinates(tx, post.position_id, day) if post else ()
    if period is None or not below:
        return None
    known = people(tx, below, day)
    staff = tuple(sorted(some(known, below), key=lambda p: p.name.casefold()))
    plans = _plans(tx, period[0], [leader, *(person.id for person in staff)])
    own = plans.get(leader, ())
    matrix = roles_matrix(own, {person.id: plans.get(person.id, ()) for person in staff})
    return MatrixPage(*period, staff, matrix, bool(own))


def _period(tx: Transaction, leader: EmployeeId, cycle_id: str) -> tuple[str, str] | None:
    cycle, known, plan = t.cycle.c, t.appraisal.c, t.performance_plan.c
    appraised = exists().where(
        known.agency_id == cycle.agency_id,
        known.cycle_id == cycle.id,
        or_(known.employee_id == leader, known.rater_id == leader),
    )
    planned = exists().where(
        plan.agency_id == cycle.agency_id,
        plan.cycle_id == cycle.id,
        plan.employee_id == leader,
    )
    statement = (
        select(cycle.id, cycle.name)
        .where(cycle.agency_id == tx.agency_id)
        .order_by(or_(appraised, planned).desc(), cycle.starts.desc(), cycle.id)
        .limit(1)
    )
    if cycle_id:
        statement = statement.where(cycle.id == cycle_id)
    row = tx.connection.execute(statement).first()
    return (row.id, row.name) if row else None


def _plans(
    tx: Transaction, cycle_id: str, ids: Sequence[EmployeeId]
) -> Mapping[EmployeeId, Sequence[Line]]:
    plan = t.performance_plan.c
    statement = select(plan.employee_id, plan.content).where(
        plan.agency_id == tx.agency_id, plan.cycle_id == cycle_id, plan.employee_id.in_(ids)
    )
    return {
        EmployeeId(row.employee_id): orjson.loads(row.content)
        for row in tx.connection.execute(statement)
    }
