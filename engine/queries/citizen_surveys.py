"""Citizen surveys as units, auditors and the public see them; nothing of fewer than five people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from engine.domain.access import UnitAccess, Verb, can
from engine.domain.citizen_survey import (
    ELEMENTS,
    NOBODY,
    Channel,
    Element,
    Grade,
    Tally,
    grade_of,
    index_with_hundredths,
    sample_size,
    satisfaction_index,
)
from engine.domain.people import Actor, EmployeeId, UnitId
from engine.errors import Forbidden, NotFound
from engine.queries.people import agency_day
from engine.store import (
    agencies,
    citizen_surveys,
    cycles,
    organisation,
    people,
    sealing,
    staffing,
)
from engine.store.citizen_surveys import ResponseRow, SurveyRow
from engine.store.cycles import CycleRow
from engine.store.database import ANY_AGENCY, Store, Transaction
from engine.store.people import UnitRow
from engine.store.states import CycleStatus


@dataclass(frozen=True)
class ElementLine:
    """One element of a report: its mean from 1 to 4 and its own index from 25 to 100."""

    element: Element
    mean: Decimal
    index: Decimal


@dataclass(frozen=True)
class Report:
    """What a closed survey says of a unit.

    `printed` is the index with the weight 0.11; `weakest` are the elements with the lowest mean,
    none where all have the same; comments stand in no order.
    """

    responses: int
    index: Decimal
    grade: Grade
    printed: Decimal
    elements: tuple[ElementLine, ...]
    weakest: tuple[Element, ...]
    comments: tuple[str, ...]


@dataclass(frozen=True)
class SurveyLine:
    """One survey of a list; the index is told of closed ones with enough answers."""

    survey: SurveyRow
    unit: str
    responses: int
    index: Decimal | None

    @property
    def grade(self) -> Grade | None:
        """The grade of the index."""
        return None if self.index is None else grade_of(self.index)


@dataclass(frozen=True)
class SurveyList:
    """The surveys of a cycle that somebody may read, and the units he may open one for."""

    cycles: tuple[CycleRow, ...]
    cycle: CycleRow | None
    lines: tuple[SurveyLine, ...]
    units: tuple[UnitRow, ...]
    today: date


@dataclass(frozen=True)
class SurveyPage:
    """One survey; `sample` is how many should answer, `report` None until it may be told."""

    survey: SurveyRow
    unit: str
    cycle: CycleRow
    responses: int
    papers: int
    sample: int | None
    report: Report | None
    scans: tuple[str, ...]
    today: date
    may_manage: bool


@dataclass(frozen=True)
class PublicUnit:
    """The latest index of a unit as everybody may see it."""

    unit: str
    starts: date
    ends: date
    responses: int
    index: Decimal
    grade: Grade


def survey_list(tx: Transaction, actor: Actor, cycle_id: str, now: datetime) -> SurveyList:
    """The surveys of a cycle, or of the newest one. Raises Forbidden and NotFound."""
    today, units = agency_day(tx, now), people.units(tx)
    readable = _allowed(tx, actor, Verb.READ_SURVEY, units, today)
    if not readable:
        raise Forbidden(Verb.READ_SURVEY.value, "missing_duty")
    every = cycles.every(tx)
    cycle = cycles.get(tx, cycle_id) if cycle_id else next(iter(every), None)
    surveys = citizen_surveys.of_cycle(tx, cycle.id) if cycle else ()
    lines = _lines(tx, [row for row in surveys if row.unit_id in readable], readable)
    opens = _allowed(tx, actor, Verb.MANAGE_SURVEY, units, today)
    told = {line.survey.unit_id for line in lines if _is_final(line)}
    free = tuple(unit for unit in opens.values() if unit.id not in told and not unit.closed_on)
    is_open = cycle is not None and cycle.status == CycleStatus.OPEN
    return SurveyList(every, cycle, lines, free if is_open else (), today)


def _is_final(line: SurveyLine) -> bool:
    """Whether the unit's survey runs or was told: then there is no second one."""
    return line.survey.closed_at is None or line.index is not None


def _lines(
    tx: Transaction, surveys: list[SurveyRow], units: Mapping[UnitId, UnitRow]
) -> tuple[SurveyLine, ...]:
    tallies = citizen_surveys.tallies(tx, [survey.id for survey in surveys])
    lines = [
        SurveyLine(
            survey, units[survey.unit_id].name, tallies.get(survey.id, NOBODY).responses,
            _index(survey, tallies.get(survey.id, NOBODY)),
        )
        for survey in surveys
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: line.unit))


def _index(survey: SurveyRow, tally: Tally) -> Decimal | None:
    """Never of a survey that runs: from one day to the next it would tell single answers."""
    is_told = survey.closed_at is not None and tally.is_told
    return satisfaction_index(tally) if is_told else None


def survey_page(tx: Transaction, actor: Actor, survey_id: str, now: datetime) -> SurveyPage:
    """One survey with its report. Raises NotFound and Forbidden."""
    survey, unit, today = _readable(tx, actor, survey_id, now)
    responses = citizen_surveys.responses(tx, survey.id)
    tally = citizen_surveys.tallies(tx, [survey.id]).get(survey.id, NOBODY)
    told = _index(survey, tally) is not None
    manages = _allowed(tx, actor, Verb.MANAGE_SURVEY, [unit], today)
    return SurveyPage(
        survey=survey,
        unit=unit.name,
        cycle=cycles.get(tx, survey.cycle_id),
        responses=len(responses),
        papers=sum(row.channel == Channel.PAPER for row in responses),
        sample=sample_size(survey.population) if survey.population else None,
        report=_report(tally, _comments(tx, survey, responses)) if told else None,
        scans=tuple(sorted({row.scan_sha256 for row in responses if row.scan_sha256})),
        today=today,
        may_manage=bool(manages),
    )


def scan_of(tx: Transaction, actor: Actor, survey_id: str, digest: str, now: datetime) -> str:
    """The SHA-256 of a paper's scan, for who may read the survey. Raises NotFound, Forbidden."""
    survey, _, _ = _readable(tx, actor, survey_id, now)
    responses = citizen_surveys.responses(tx, survey.id)
    if digest not in {row.scan_sha256 for row in responses}:
        raise NotFound("scan", digest)
    return digest


def _readable(
    tx: Transaction, actor: Actor, survey_id: str, now: datetime
) -> tuple[SurveyRow, UnitRow, date]:
    survey, today = citizen_surveys.get(tx, survey_id), agency_day(tx, now)
    units = [unit for unit in people.units(tx) if unit.id == survey.unit_id]
    readable = _allowed(tx, actor, Verb.READ_SURVEY, units, today)
    if survey.unit_id not in readable:
        raise Forbidden(Verb.READ_SURVEY.value, "missing_duty")
    return survey, readable[survey.unit_id], today


def _allowed(
    tx: Transaction, actor: Actor, verb: Verb, units: Iterable[UnitRow], today: date
) -> dict[UnitId, UnitRow]:
    """Those of the units for which the actor may do it."""
    headed = _headed(tx, actor, today)
    return {
        unit.id: unit
        for unit in units
        if can(actor, verb, UnitAccess(tx.agency_id, unit.id, headed.get(unit.id)))
    }


def _headed(tx: Transaction, actor: Actor, today: date) -> dict[UnitId, EmployeeId]:
    """The units that the actor heads, himself or for somebody absent."""
    found: dict[UnitId, EmployeeId] = {}
    for person in actor.effective_persons():
        post = staffing.assignment_on(tx, person, today)
        if post and people.position(tx, post.position_id).heads_unit:
            found[post.unit_id] = person
    return found


def _comments(
    tx: Transaction, survey: SurveyRow, responses: tuple[ResponseRow, ...]
) -> tuple[str, ...]:
    key = sealing.get_key(tx, survey.comment_key)
    if key.key is None:
        return ()
    sealed = [row.comment_sealed for row in responses if row.comment_sealed]
    return tuple(sealing.open_sealed(key, comment).decode() for comment in sealed)


def _report(tally: Tally, comments: tuple[str, ...]) -> Report:
    index = satisfaction_index(tally)
    lines = (ElementLine(e, tally.mean(e), satisfaction_index(tally, [e])) for e in ELEMENTS)
    return Report(
        tally.responses, index, grade_of(index), index_with_hundredths(tally), tuple(lines),
        tally.weakest(), comments,
    )  # fmt: skip


def public_indices(store: Store) -> tuple[tuple[str, tuple[PublicUnit, ...]], ...]:
    """The latest told index of every unit, by agency and unit name."""
    with store.reading(ANY_AGENCY) as tx:
        known = agencies.every_id(tx)
    found = []
    for agency_id in known:
        with store.reading(agency_id) as tx:
            found.append((agencies.current(tx).name, _public(tx)))
    return tuple(sorted((name, units) for name, units in found if units))


def _public(tx: Transaction) -> tuple[PublicUnit, ...]:
    units, surveys = {unit.id: unit for unit in people.units(tx)}, citizen_surveys.closed(tx)
    latest: dict[UnitId, SurveyLine] = {}
    for line in _lines(tx, list(surveys), units):
        known = latest.get(line.survey.unit_id)
        if line.index is not None and (known is None or known.survey.ends < line.survey.ends):
            latest[line.survey.unit_id] = line
    return tuple(
        PublicUnit(
            line.unit, line.survey.starts, line.survey.ends, line.responses, line.index,
            grade_of(line.index),
        )
        for line in latest.values()
        if line.index is not None
    )  # fmt: skip


def unit_tally(tx: Transaction, cycle_id: str, unit_id: UnitId) -> Tally | None:
    """What citizens answered about a unit, or about the nearest above it that was asked.

    None while the survey runs.
    """
    survey = nearest_survey(tx, cycle_id, unit_id)
    if survey is None or survey.closed_at is None:
        return None
    return citizen_surveys.tallies(tx, [survey.id]).get(survey.id)


def nearest_survey(tx: Transaction, cycle_id: str, unit_id: UnitId) -> SurveyRow | None:
    """The survey of a unit in a cycle, or of the nearest unit above it that has one."""
    above: UnitId | None = unit_id
    while above is not None:
        survey = citizen_surveys.of_unit(tx, cycle_id, above)
        if survey:
            return survey
        above = organisation.unit(tx, above).parent_id
    return None
