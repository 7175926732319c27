"""Patterns over the results of a period, for those who talk about them with the raters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from engine.domain.access import AgencyAccess, Verb, can
from engine.domain.appraisal import OrganisationAchievement, Predicate
from engine.domain.fairness import Limits, RaterFigures
from engine.domain.fairness_settings import Fairness
from engine.domain.fairness_tables import Attribute, RatedCase, Tables, tables_of
from engine.domain.nip import sex_of
from engine.domain.people import Actor, AssignmentKind, EmployeeId
from engine.domain.rating_figures import figures_from
from engine.domain.settings import SystemSettings
from engine.errors import Forbidden, NotFound
from engine.queries.people import AnyRow, People, agency_day, people
from engine.queries.steps import SettingsOf
from engine.store import rows
from engine.store import tables as t
from engine.store.database import Transaction


@dataclass(frozen=True)
class FairnessPage:
    """One period: its tables, and what units, raters and indicators in them are called."""

    cycle_id: str
    period: str
    starts: date
    ends: date
    limits: Limits
    tables: Tables
    unit_names: Mapping[str, str] = field(default_factory=dict)
    indicators: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    raters: People = field(default_factory=dict)
    periods: Mapping[str, str] = field(default_factory=dict)


_run, _figures, _who, _result = t.instance, t.appraisal, t.employee, t.result_version
_period, _unit, _level = t.cycle, t.org_unit, t.organisation_achievement
_held, _position = t.assignment, t.position
_OF_CYCLE = _run.c.cycle_id == bindparam("cycle_id")
_PERIODS = (
    select(_period.c.id, _period.c.name, _period.c.starts, _period.c.ends, _period.c.definition_id)
    .where(rows.own(_period))
    .order_by(_period.c.starts.desc(), _period.c.id.desc())
)
_CASES = (
    select(
        _run.c.unit_id,
        _run.c.subject_id,
        _figures.c.predicate,
        _figures.c.rater_id,
        _result.c.figures,
        _who.c.nip,
        _who.c.kind,
    )
    .join(
        _figures,
        and_(_figures.c.agency_id == _run.c.agency_id, _figures.c.instance_id == _run.c.id),
    )
    .join(_who, and_(_who.c.agency_id == _run.c.agency_id, _who.c.id == _run.c.subject_id))
    .outerjoin(
        _result,
        and_(
            _result.c.agency_id == _run.c.agency_id,
            _result.c.instance_id == _run.c.id,
            _result.c.version == _figures.c.result_version,
        ),
    )
    .where(
        rows.own(_run),
        t.IS_MAIN,
        _OF_CYCLE,
        _run.c.status != "cancelled",
        _figures.c.predicate.is_not(None),
    )
)
_UNITS = select(_unit.c.id, _unit.c.name).where(rows.own(_unit)).order_by(_unit.c.name, _unit.c.id)
_LEVELS = select(_level.c.unit_id, _level.c.level).where(
    rows.own(_level), _level.c.cycle_id == bindparam("cycle_id")
)
_POSTS = (
    select(_held.c.employee_id, _position.c.heads_unit, _position.c.functional_level)
    .join(
        _position,
        and_(_position.c.agency_id == _held.c.agency_id, _position.c.id == _held.c.position_id),
    )
    .where(
        rows.own(_held),
        _held.c.kind == AssignmentKind.DEFINITIVE.value,
        _held.c.starts <= bindparam("day"),
        or_(_held.c.ends.is_(None), _held.c.ends >= bindparam("day")),
    )
)


def fairness(
    tx: Transaction,
    actor: Actor,
    *,
    settings_of: SettingsOf,
    now: datetime,
    cycle_id: str | None = None,
) -> FairnessPage | None:
    """The newest period, or the one asked for; None while there is none.

    A bounded number of statements whatever its size. Raises Forbidden, NotFound.
    """
    verdict = can(actor, Verb.READ_FAIRNESS, AgencyAccess(actor.agency_id))
    if not verdict:
        raise Forbidden(Verb.READ_FAIRNESS, verdict.reason)
    periods = _all(tx, _PERIODS)
    period = next((row for row in periods if cycle_id in (None, row.id)), None)
    if period is None and cycle_id:
        raise NotFound("cycle", cycle_id)
    if period is None:
        return None
    settings = settings_of(tx, period.definition_id)
    names = {row.id: row.name for row in _all(tx, _UNITS)}
    tables = _tables(tx, period, tuple(names), settings.fairness)
    raters = people(tx, tables.raters, agency_day(tx, now))
    return FairnessPage(
        cycle_id=period.id,
        period=period.name,
        starts=period.starts,
        ends=period.ends,
        limits=settings.fairness.limits,
        tables=replace(tables, raters=_in_order(tables.raters, raters)),
        unit_names=names,
        indicators=_titles(settings),
        raters=raters,
        periods={row.id: row.name for row in periods},
    )


def _tables(tx: Transaction, period: AnyRow, units: Sequence[str], asked: Fairness) -> Tables:
    """The tables of a period, in the order of the units."""
    place = {unit: number for number, unit in enumerate(units)}
    found = sorted(_cases(tx, period), key=lambda case: place[case.unit_id])
    levels = _all(tx, _LEVELS, cycle_id=period.id)
    achievements = {row.unit_id: OrganisationAchievement(row.level) for row in levels}
    return tables_of(found, achievements, asked.limits, asked.by_unit)


def _titles(settings: SystemSettings) -> Mapping[str, Mapping[str, str]]:
    """Those of the indicators that are compared by unit, by id and language."""
    known = settings.scoring.indicators if settings.scoring else ()
    titles = {indicator.key: indicator.title for indicator in known}
    return {key: titles[key] for key in settings.fairness.by_unit}


def _in_order(
    figures: Mapping[EmployeeId, RaterFigures], raters: People
) -> Mapping[EmployeeId, RaterFigures]:
    """Those with most to talk about first, then by name."""
    names = {rater: (-len(found.patterns), raters[rater].name) for rater, found in figures.items()}
    return {rater: figures[rater] for rater in sorted(figures, key=lambda rater: names[rater])}


def _all(tx: Transaction, statement: Any, **values: object) -> list[AnyRow]:
    return list(tx.connection.execute(statement, {"own_agency": tx.agency_id, **values}))


def _cases(tx: Transaction, period: AnyRow) -> Iterator[RatedCase]:
    posts = {row.employee_id: _post(row) for row in _all(tx, _POSTS, day=period.ends)}
    for row in _all(tx, _CASES, cycle_id=period.id):
        yield _case(row, posts.get(row.subject_id))


def _post(row: AnyRow) -> str:
    if row.heads_unit:
        return "head"
    return "functional" if row.functional_level else "other"


def _case(row: AnyRow, post: str | None) -> RatedCase:
    given = figures_from(row.figures)
    groups = {Attribute.SEX: sex_of(row.nip), Attribute.KIND: row.kind, Attribute.POST: post}
    return RatedCase(
        unit_id=row.unit_id,
        predicate=Predicate(row.predicate),
        rater_id=EmployeeId(row.rater_id) if row.rater_id else None,
        ratings=given.ratings,
        gaps=given.gaps,
        scores=given.scores,
        groups={attribute: group for attribute, group in groups.items() if group},
        is_mutual=given.is_mutual,
    )
