"""The open rating steps of one rater, by person: what the table over many staff lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_

from engine.domain.appraisal import OrganisationAchievement, Predicate
from engine.domain.distribution import DistributionCheck, check_distribution
from engine.domain.people import Actor
from engine.errors import NotFound
from engine.queries.inbox_sources import OPEN
from engine.queries.people import AnyRow, Person, agency_day, people
from engine.queries.steps import NameOf
from engine.store import tables as t
from engine.store.database import Transaction

PAGE = 20
RATING = "rating"
_item, _case, _who, _period = t.work_item, t.instance, t.employee, t.cycle


@dataclass(frozen=True)
class RatingStep:
    """One step of one definition in one period, with how many people wait in it."""

    cycle_id: str
    period: str
    definition_id: str
    element_id: str
    name: str
    people: int

    @property
    def key(self) -> str:
        """What an address names the step by."""
        return f"{self.cycle_id}.{self.definition_id}.{self.element_id}"


@dataclass(frozen=True)
class OpenRating:
    """One person to be rated; `place` is where the page after him begins."""

    item_id: str
    version: int
    person: Person
    due_at: datetime | None
    place: str
    prepared_by: str = ""


@dataclass(frozen=True)
class UnitGuide:
    """How the predicates of a unit stand to the guide so far; it informs and never blocks."""

    unit: str
    counts: tuple[tuple[Predicate, int], ...]
    achievement: OrganisationAchievement | None = None
    check: DistributionCheck | None = None


@dataclass(frozen=True)
class TeamPage:
    """One page of a step: at most twenty people by name, and where the next page begins."""

    steps: tuple[RatingStep, ...]
    step: RatingStep | None
    rows: tuple[OpenRating, ...] = ()
    after: str = ""
    guide: tuple[UnitGuide, ...] = ()


def team_page(
    tx: Transaction,
    actor: Actor,
    now: datetime,
    *,
    name_of: NameOf,
    cycle_id: str = "",
    step: str = "",
    after: str = "",
) -> TeamPage:
    """The step asked for, or the one in which most people wait. Raises NotFound."""
    steps = tuple(_steps(tx, actor, name_of, cycle_id))
    chosen = next((s for s in steps if step in ("", s.key)), None)
    if chosen is None:
        if step and not steps:
            return TeamPage((), None)
        if step:
            raise NotFound("rating step", step)
        return TeamPage((), None)
    rows = _rows(tx, actor, chosen, after, agency_day(tx, now))
    last = rows[PAGE - 1].place if len(rows) > PAGE else ""
    return TeamPage(steps, chosen, rows[:PAGE], last, _guide(tx, actor, chosen.cycle_id))


def _mine(actor: Actor) -> ColumnElement[bool]:
    """Held by the actor himself or by somebody he stands in for; never about himself."""
    held = _item.c.assignee_id.in_(sorted(actor.effective_persons()))
    return and_(
        OPEN,
        _item.c.participation == RATING,
        or_(held, _item.c.claimed_by == actor.employee_id),
        _item.c.delegated_to.is_(None),
        _case.c.subject_id != actor.employee_id,
        _case.c.status == "running",
        t.IS_MAIN,
    )


def _steps(tx: Transaction, actor: Actor, name_of: NameOf, cycle_id: str) -> Sequence[RatingStep]:
    of_case = and_(_case.c.agency_id == _item.c.agency_id, _case.c.id == _item.c.instance_id)
    of_period = and_(_period.c.agency_id == _case.c.agency_id, _period.c.id == _case.c.cycle_id)
    keys = (_case.c.cycle_id, _period.c.name, _case.c.definition_id, _item.c.element_id)
    statement = (
        select(*keys, func.min(_item.c.name).label("drawn"), func.count().label("people"))
        .select_from(_item.join(_case, of_case).join(_period, of_period))
        .where(_item.c.agency_id == tx.agency_id, _mine(actor))
        .group_by(*keys)
        .order_by(func.count().desc(), *keys)
    )
    if cycle_id:
        statement = statement.where(_case.c.cycle_id == cycle_id)
    return [
        RatingStep(
            row.cycle_id, row.name, row.definition_id, row.element_id,
            name_of(tx, row.definition_id, row.element_id, row.drawn), row.people,
        )
        for row in tx.connection.execute(statement)
    ]  # fmt: skip


def _rows(
    tx: Transaction, actor: Actor, step: RatingStep, after: str, day: date
) -> tuple[OpenRating, ...]:
    of_case = and_(_case.c.agency_id == _item.c.agency_id, _case.c.id == _item.c.instance_id)
    of_person = and_(_who.c.agency_id == _case.c.agency_id, _who.c.id == _case.c.subject_id)
    wanted = (_item.c.id, _item.c.version, _item.c.due_at, _case.c.subject_id, _who.c.name)
    statement = (
        select(*wanted)
        .select_from(_item.join(_case, of_case).join(_who, of_person))
        .where(
            _item.c.agency_id == tx.agency_id,
            _mine(actor),
            _case.c.cycle_id == step.cycle_id,
            _case.c.definition_id == step.definition_id,
            _item.c.element_id == step.element_id,
        )
        .order_by(_who.c.name, _item.c.id)
        .limit(PAGE + 1)
    )
    item_id, _, name = after.partition("~")
    if name:
        statement = statement.where(tuple_(_who.c.name, _item.c.id) > tuple_(name, item_id))
    rows = tx.connection.execute(statement).all()
    helped = _prepared(tx, [row.id for row in rows])
    names = people(tx, [*(row.subject_id for row in rows), *helped.values()], day)
    return tuple(
        OpenRating(
            row.id, row.version, names[row.subject_id], row.due_at, f"{row.id}~{row.name}",
            names[helped[row.id]].name if row.id in helped else "",
        )
        for row in rows
    )  # fmt: skip


def _prepared(tx: Transaction, item_ids: Sequence[str]) -> dict[str, str]:
    """Who prepared what the rater has not taken over yet, by work item."""
    drafted = t.prepared_draft.c
    statement = select(drafted.work_item_id, drafted.operator_id).where(
        drafted.agency_id == tx.agency_id,
        drafted.work_item_id.in_(list(item_ids)),
        drafted.handed_at.is_not(None),
        drafted.taken_at.is_(None),
    )
    return {row.work_item_id: row.operator_id for row in tx.connection.execute(statement)}


def _guide(tx: Transaction, actor: Actor, cycle_id: str) -> tuple[UnitGuide, ...]:
    """The predicates that the actor's own people have so far, unit by unit.

    Held to the guide only where he rates everybody of the unit: a part proves nothing.
    """
    figures, unit, level = t.appraisal, t.org_unit, t.organisation_achievement
    of_case = and_(figures.c.agency_id == _case.c.agency_id, figures.c.instance_id == _case.c.id)
    of_unit = and_(unit.c.agency_id == _case.c.agency_id, unit.c.id == _case.c.unit_id)
    of_level = and_(
        level.c.agency_id == _case.c.agency_id,
        level.c.cycle_id == _case.c.cycle_id,
        level.c.unit_id == _case.c.unit_id,
    )
    mine = figures.c.rater_id == actor.employee_id
    keys = (unit.c.id, unit.c.name, level.c.level, figures.c.predicate, mine)
    rated = (
        select(_case.c.unit_id)
        .select_from(_case.join(figures, of_case))
        .where(_case.c.agency_id == tx.agency_id, _case.c.cycle_id == cycle_id, t.IS_MAIN, mine)
    )
    statement = (
        select(*keys[:4], mine.label("mine"), func.count().label("people"))
        .select_from(_case.join(figures, of_case).join(unit, of_unit).outerjoin(level, of_level))
        .where(
            _case.c.agency_id == tx.agency_id,
            _case.c.cycle_id == cycle_id,
            _case.c.status != "cancelled",
            t.IS_MAIN,
            _case.c.unit_id.in_(rated),
            _case.c.subject_id != actor.employee_id,
        )
        .group_by(*keys)
        .order_by(unit.c.name, unit.c.id)
    )
    units: dict[tuple[str, str, str | None], list[AnyRow]] = {}
    for row in tx.connection.execute(statement):
        units.setdefault((row.id, row.name, row.level), []).append(row)
    return tuple(_of_unit(name, code, rows) for (_, name, code), rows in units.items())


def _of_unit(name: str, code: str | None, rows: Sequence[AnyRow]) -> UnitGuide:
    counts = {Predicate(row.predicate): row.people for row in rows if row.mine and row.predicate}
    known = tuple((predicate, counts.get(predicate, 0)) for predicate in Predicate)
    achievement = OrganisationAchievement(code) if code else None
    whole = all(row.mine for row in rows)
    check = check_distribution(achievement, counts) if achievement and whole and counts else None
    return UnitGuide(name, known, achievement, check)
