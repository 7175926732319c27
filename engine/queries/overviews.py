"""What HR looks after: periods with their progress, achievements of units, held cases."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import and_, case, func, select

from engine.domain.access import AgencyAccess, Verb, can
from engine.domain.people import Actor
from engine.domain.process import InstanceId
from engine.errors import Forbidden
from engine.queries.people import AnyRow, Person, agency_day, people, person_of
from engine.queries.steps import DrawingOf, NameOf, as_drawn
from engine.store import tables as t
from engine.store.database import Transaction


@dataclass(frozen=True)
class StepCount:
    """How many work items of one step are open, and how many of them late."""

    name: str
    open: int
    overdue: int


@dataclass(frozen=True)
class CycleRow:
    """One appraisal period with its progress."""

    cycle_id: str
    name: str
    starts: date
    ends: date
    cases: int
    completed: int
    held: int
    steps: tuple[StepCount, ...] = ()

    @property
    def overdue(self) -> int:
        """Late work items of the period."""
        return sum(step.overdue for step in self.steps)

    @property
    def percent(self) -> int:
        """Finished cases in percent, rounded down."""
        return 100 * self.completed // self.cases if self.cases else 0


@dataclass(frozen=True)
class UnitAchievement:
    """The achievement of one unit in a period; `level` None until it is set.

    It is fixed once results of the unit rest on it.
    """

    unit_id: str
    unit_name: str
    cases: int
    level: str | None = None
    decided_by: Person | None = None
    decided_at: datetime | None = None
    version: int = 0
    is_fixed: bool = False


@dataclass(frozen=True)
class AchievementPage:
    """The units of the newest open period."""

    cycle_id: str
    period: str
    rows: tuple[UnitAchievement, ...] = ()


@dataclass(frozen=True)
class IncidentRow:
    """One held case with the cause; `params` fill the sentence of `code`."""

    instance_id: InstanceId
    person: Person
    period: str
    step: str
    code: str
    attempts: int
    opened_at: datetime
    params: Mapping[str, str] = field(default_factory=dict)


def cycles(
    tx: Transaction, actor: Actor, now: datetime, name_of: NameOf = as_drawn
) -> tuple[CycleRow, ...]:
    """All periods, newest first, with the counts of their cases and open steps."""
    _require(actor, Verb.OPEN_CYCLE)
    period, run = t.cycle, t.instance
    of_period = and_(
        run.c.agency_id == period.c.agency_id, run.c.cycle_id == period.c.id, t.IS_MAIN
    )
    statement = (
        select(
            period.c.id,
            period.c.name,
            period.c.starts,
            period.c.ends,
            func.count(run.c.id).label("cases"),
            func.sum(case((run.c.status == "completed", 1), else_=0)).label("completed"),
            func.sum(case((run.c.status == "held", 1), else_=0)).label("held"),
        )
        .select_from(period.outerjoin(run, of_period))
        .where(period.c.agency_id == tx.agency_id)
        .group_by(period.c.id, period.c.name, period.c.starts, period.c.ends)
        .order_by(period.c.starts.desc(), period.c.id)
    )
    steps = _steps(tx, now, name_of)
    return tuple(
        CycleRow(
            row.id,
            row.name,
            row.starts,
            row.ends,
            row.cases,
            row.completed,
            row.held,
            steps.get(row.id, ()),
        )
        for row in tx.connection.execute(statement)
    )


def achievements(
    tx: Transaction, actor: Actor, now: datetime, cycle_id: str = ""
) -> AchievementPage | None:
    """Every unit that has cases in a period, by default the newest; None where there is none."""
    _require(actor, Verb.SET_ACHIEVEMENT)
    newest = (
        select(t.cycle.c.id, t.cycle.c.name)
        .where(t.cycle.c.agency_id == tx.agency_id)
        .order_by(t.cycle.c.created_at.desc(), t.cycle.c.id.desc())
        .limit(1)
    )
    if cycle_id:
        newest = newest.where(t.cycle.c.id == cycle_id)
    period = tx.connection.execute(newest).one_or_none()
    if period is None:
        return None
    return AchievementPage(period.id, period.name, _units(tx, period.id, agency_day(tx, now)))


def incidents(tx: Transaction, actor: Actor, drawing_of: DrawingOf) -> tuple[IncidentRow, ...]:
    """Cases that wait for a retry, oldest first."""
    _require(actor, Verb.RETRY_INCIDENT)
    wrong, run, who, period = t.incident, t.instance, t.employee, t.cycle
    statement = (
        select(
            wrong,
            run.c.subject_id,
            run.c.definition_id,
            who.c.name,
            who.c.nip,
            period.c.name.label("period"),
        )
        .select_from(
            wrong.join(
                run,
                and_(run.c.agency_id == wrong.c.agency_id, run.c.id == wrong.c.instance_id),
            )
            .join(who, and_(who.c.agency_id == run.c.agency_id, who.c.id == run.c.subject_id))
            .join(
                period,
                and_(period.c.agency_id == run.c.agency_id, period.c.id == run.c.cycle_id),
            )
        )
        .where(
            wrong.c.agency_id == tx.agency_id,
            wrong.c.resolved_at.is_(None),
            run.c.confidential.is_(False),
        )
        .order_by(wrong.c.opened_at, wrong.c.id)
        .limit(200)
    )
    return tuple(_incident(tx, row, drawing_of) for row in tx.connection.execute(statement))


def held_in_confidence(tx: Transaction, actor: Actor) -> tuple[InstanceId, ...]:
    """What is held and confidential, but for the actor's own. Raises Forbidden.

    Whoever is told of it learns only whether there is any.
    """
    _require(actor, Verb.RETRY_INCIDENT)
    wrong, run = t.incident, t.instance
    same = and_(run.c.agency_id == wrong.c.agency_id, run.c.id == wrong.c.instance_id)
    statement = (
        select(run.c.id)
        .select_from(wrong.join(run, same))
        .where(
            wrong.c.agency_id == tx.agency_id,
            wrong.c.resolved_at.is_(None),
            t.IS_CONFIDENTIAL,
            run.c.subject_id != actor.employee_id,
        )
        .order_by(run.c.id)
        .limit(200)
    )
    return tuple(InstanceId(key) for key in tx.connection.execute(statement).scalars())


def _incident(tx: Transaction, row: AnyRow, drawing_of: DrawingOf) -> IncidentRow:
    """The row with what the diagram calls the step that failed; empty where none is known."""
    step = drawing_of(tx, row.definition_id).names.get(row.element_id or "", "")
    params = {str(name): str(value) for name, value in json.loads(row.params or "{}").items()}
    return IncidentRow(
        InstanceId(row.instance_id),
        person_of(row),
        row.period,
        step,
        row.code,
        row.attempts,
        row.opened_at,
        params,
    )


def _require(actor: Actor, verb: Verb) -> None:
    verdict = can(actor, verb, AgencyAccess(actor.agency_id))
    if not verdict:
        raise Forbidden(verb, verdict.reason)


def _steps(tx: Transaction, now: datetime, name_of: NameOf) -> dict[str, tuple[StepCount, ...]]:
    item, run = t.work_item, t.instance
    same = and_(run.c.agency_id == item.c.agency_id, run.c.id == item.c.instance_id)
    late = func.sum(case((item.c.due_at <= now, 1), else_=0)).label("late")
    statement = (
        select(
            run.c.cycle_id,
            item.c.element_id,
            item.c.name,
            func.min(run.c.definition_id).label("definition_id"),
            func.count().label("waiting"),
            late,
        )
        .select_from(item.join(run, same))
        .where(item.c.agency_id == tx.agency_id, item.c.state == "open", t.IS_MAIN)
        .group_by(run.c.cycle_id, item.c.element_id, item.c.name)
        .order_by(func.count().desc(), item.c.name)
    )
    found: dict[str, tuple[StepCount, ...]] = {}
    for row in tx.connection.execute(statement):
        name = name_of(tx, row.definition_id, row.element_id, row.name)
        step = StepCount(name, row.waiting, row.late or 0)
        found[row.cycle_id] = (*found.get(row.cycle_id, ()), step)
    return found


def _units(tx: Transaction, cycle_id: str, day: date) -> tuple[UnitAchievement, ...]:
    run, unit, level = t.instance, t.org_unit, t.organisation_achievement
    figures = t.appraisal
    same = and_(figures.c.agency_id == run.c.agency_id, figures.c.instance_id == run.c.id)
    own = and_(unit.c.agency_id == run.c.agency_id, unit.c.id == run.c.unit_id)
    decided = and_(
        level.c.agency_id == run.c.agency_id,
        level.c.cycle_id == run.c.cycle_id,
        level.c.unit_id == run.c.unit_id,
    )
    shown = (
        unit.c.id, unit.c.name, level.c.level, level.c.decided_by, level.c.decided_at,
        level.c.version,
    )  # fmt: skip
    counts = (
        func.count(run.c.id).label("cases"),
        func.count(figures.c.predicate).label("results"),
    )
    statement = (
        select(*shown, *counts)
        .select_from(run.join(figures, same).join(unit, own).outerjoin(level, decided))
        .where(run.c.agency_id == tx.agency_id, run.c.cycle_id == cycle_id, t.IS_MAIN)
        .group_by(*shown)
        .order_by(unit.c.name)
    )
    rows = tx.connection.execute(statement).all()
    found = people(tx, [row.decided_by for row in rows], day)
    return tuple(
        UnitAchievement(
            row.id,
            row.name,
            row.cases,
            row.level,
            found.get(row.decided_by),
            row.decided_at,
            row.version or 0,
            bool(row.results),
        )
        for row in rows
    )
