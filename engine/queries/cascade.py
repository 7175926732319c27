"""The matrix of roles and results of somebody who leads others, in one period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import and_, exists, func, or_, select

from engine.domain.cascade import Line, RolesMatrix, roles_matrix
from engine.domain.people import EmployeeId
from engine.queries.people import Person, agency_day, people, some
from engine.store import staffing
from engine.store import tables as t
from engine.store.database import Transaction


@dataclass(frozen=True)
class MatrixPage:
    """The matrix with its people by name; `has_plan` is false where the leader has none himself.

    `periods` are those to choose from, by id.
    """

    cycle_id: str
    period: str
    staff: tuple[Person, ...]
    matrix: RolesMatrix
    has_plan: bool
    periods: Mapping[str, str]


def matrix_page(
    tx: Transaction, leader: EmployeeId, now: datetime, *, cycle_id: str = ""
) -> MatrixPage | None:
    """Of the asked period; None without one, and for who leads nobody.

    Without `cycle_id` it is the latest in which the leader takes part, of several that in which he
    rates most, or else the latest of all.
    """
    periods, day = _periods(tx, leader), agency_day(tx, now)
    asked = cycle_id or next(iter(periods), "")
    post = staffing.assignment_on(tx, leader, day)
    below = staffing.subordinates(tx, post.position_id, day) if post else ()
    if asked not in periods or not below:
        return None
    known = people(tx, below, day)
    staff = tuple(sorted(some(known, below), key=lambda p: p.name.casefold()))
    plans = _plans(tx, asked, [leader, *(person.id for person in staff)])
    own = plans.get(leader, ())
    matrix = roles_matrix(own, {person.id: plans.get(person.id, ()) for person in staff})
    return MatrixPage(asked, periods[asked], staff, matrix, bool(own), periods)


def _periods(tx: Transaction, leader: EmployeeId) -> Mapping[str, str]:
    """All periods by id: first where the leader takes part, the latest, where he rates most."""
    cycle, known, plan = t.cycle.c, t.appraisal.c, t.performance_plan.c
    of_cycle = and_(known.agency_id == cycle.agency_id, known.cycle_id == cycle.id)
    rated = select(func.count()).where(of_cycle, known.rater_id == leader).scalar_subquery()
    appraised = exists().where(of_cycle, known.employee_id == leader)
    planned = exists().where(
        plan.agency_id == cycle.agency_id,
        plan.cycle_id == cycle.id,
        plan.employee_id == leader,
    )
    statement = (
        select(cycle.id, cycle.name)
        .where(cycle.agency_id == tx.agency_id)
        .order_by(
            or_(appraised, planned, rated > 0).desc(), cycle.starts.desc(), planned.desc(),
            rated.desc(), cycle.id,
        )
    )  # fmt: skip
    return {row.id: row.name for row in tx.connection.execute(statement)}


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
