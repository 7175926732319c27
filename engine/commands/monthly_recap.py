"""The recap of a month: computed by HR's own table, frozen for payroll, compared after appeals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from zoneinfo import ZoneInfo

import orjson

from engine.commands.desk import Desk
from engine.commands.permissions import demand, refusals_audited
from engine.domain.access import AgencyAccess, Verb
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.monthly_recap import (
    FigureSource,
    Month,
    RecapFigure,
    RecapLine,
    seal_of,
)
from engine.domain.people import Actor, EmployeeId
from engine.domain.process import DefinitionId
from engine.errors import Finding, InvalidForm, TrailBroken
from engine.queries.monthly_recap import (
    MonthFacts,
    PersonOfMonth,
    facts_of_month,
    people_of_month,
)
from engine.rules.deadlines import local_date
from engine.rules.dmn import evaluate
from engine.rules.numbers import round_half_up
from engine.store import audit, monthly_recaps
from engine.store.database import Transaction
from engine.store.monthly_recaps import LineRow, MonthRow

AT_ONCE, PAGE_SIZE = 1_000, 50


@dataclass(frozen=True)
class RecapPage:
    """People of a month with their lines; `frozen` says when payroll was told them.

    `after` asks for the next page; without a line nothing is known of somebody any more.
    """

    month: Month
    rows: tuple[tuple[PersonOfMonth, RecapLine], ...]
    figures: Mapping[str, Mapping[str, str]]
    frozen: MonthRow | None
    is_over: bool
    after: tuple[str, str] | None = None


@dataclass(frozen=True)
class Correction:
    """What payroll was told of somebody and what it would be told today, if anything."""

    person: PersonOfMonth
    told: RecapLine | None
    today: RecapLine | None


def recap_page(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    month: Month,
    *,
    now: datetime,
    name: str = "",
    after: tuple[str, str] | None = None,
) -> RecapPage:
    """One page of a month: as it was frozen, or as it would be today.

    Raises Forbidden, or TrailBroken on the first page where the month is not what was sealed.
    """
    demand(actor, Verb.MANAGE_RECAP, AgencyAccess(tx.agency_id))
    until = _end(desk, tx, month, now)
    people = people_of_month(tx, month, until, after=after, limit=PAGE_SIZE + 1, name=name)
    shown = people[:PAGE_SIZE]
    frozen = monthly_recaps.find(tx, month.code)
    if frozen and after is None:
        _check_seal(tx, frozen)
    ids = [person.id for person in shown]
    lines = _told(tx, month, ids) if frozen else _computed(desk, tx, month, until, shown)
    rows = tuple((person, lines[person.id]) for person in shown if person.id in lines)
    more = (shown[-1].name, str(shown[-1].id)) if len(people) > PAGE_SIZE else None
    return RecapPage(month, rows, _titles(desk, tx, lines.values()), frozen, until <= now, more)


def whole_month(
    desk: Desk, tx: Transaction, actor: Actor, month: Month, *, now: datetime
) -> RecapPage:
    """The same of everybody, for a file: a frozen month as it was told, and not computed anew.

    Raises Forbidden, or TrailBroken where the month is not what was sealed.
    """
    demand(actor, Verb.MANAGE_RECAP, AgencyAccess(tx.agency_id))
    until, frozen = _end(desk, tx, month, now), monthly_recaps.find(tx, month.code)
    if frozen:
        told = _frozen(tx, frozen)
        every = chain.from_iterable(_people(tx, month, until))
        rows = [(person, told[person.id]) for person in every if person.id in told]
    else:
        computed = _everybody(desk, tx, month, until)
        rows = [(person, line) for person, line in computed if line]
    titles = _titles(desk, tx, [line for _, line in rows])
    return RecapPage(month, tuple(rows), titles, frozen, until <= now)


def corrections(
    desk: Desk, tx: Transaction, actor: Actor, month: Month, *, now: datetime
) -> tuple[Correction, ...]:
    """Where payroll would be told otherwise today, for instance after an appeal, by name.

    Nothing for a month that is not frozen. Raises Forbidden, or TrailBroken where the lines are
    not those that were frozen.
    """
    demand(actor, Verb.MANAGE_RECAP, AgencyAccess(tx.agency_id))
    frozen = monthly_recaps.find(tx, month.code)
    if frozen is None:
        return ()
    told = _frozen(tx, frozen)
    found = []
    for person, line in _everybody(desk, tx, month, _end(desk, tx, month, now)):
        before = told.get(person.id)
        if (line or before) and not (line and line.says_as(before)):
            found.append(Correction(person, before, line))
    return tuple(found)


def freeze_month(desk: Desk, actor: Actor, *, month: Month, now: datetime) -> str:
    """Keep what payroll is told of a month that is over; its seal in hex.

    Raises Forbidden, InvalidForm before the month is over, or Conflict when it is frozen already.
    """
    with (
        refusals_audited(desk, actor, Verb.MANAGE_RECAP, target=month.code, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.MANAGE_RECAP, AgencyAccess(tx.agency_id))
        if local_date(now, desk.calendar(tx, now)) <= month.last:
            raise InvalidForm([Finding("recap.not_over", element_id="month")])
        until = _end(desk, tx, month, now)
        bodies = [(line.employee_id, _body(line))
                  for _, line in _everybody(desk, tx, month, until) if line]  # fmt: skip
        row = MonthRow(month.code, actor.employee_id, now, len(bodies), seal_of(bodies))
        lines = [LineRow(month.code, EmployeeId(who), body) for who, body in bodies]
        monthly_recaps.add(tx, row, lines)
        values: dict[str, object] = {
            "month": month.code, "people": row.people, "sha256": row.sha256,
        }  # fmt: skip
        event = AuditEvent(Action.RECAP_FROZEN, now, actor.employee_id, values=values)
        audit.append_to_chain(tx, audit.object_chain("recap", month.code), [event])
        return row.sha256


def _end(desk: Desk, tx: Transaction, month: Month, now: datetime) -> datetime:
    """The instant at which a month ends where the agency is."""
    zone = ZoneInfo(desk.calendar(tx, now).zone)
    return datetime.combine(month.last + timedelta(days=1), time(), zone).astimezone(UTC)


def _everybody(
    desk: Desk, tx: Transaction, month: Month, until: datetime
) -> Iterator[tuple[PersonOfMonth, RecapLine | None]]:
    """Everybody of the month with what the table makes of him today, if anything."""
    for people in _people(tx, month, until):
        lines = _computed(desk, tx, month, until, people)
        yield from ((person, lines.get(person.id)) for person in people)


def _people(tx: Transaction, month: Month, until: datetime) -> Iterator[tuple[PersonOfMonth, ...]]:
    """Everybody of the month by name, so many at once."""
    after: tuple[str, str] | None = None
    while True:
        people = people_of_month(tx, month, until, after=after, limit=AT_ONCE)
        yield people
        if len(people) < AT_ONCE:
            return
        after = (people[-1].name, str(people[-1].id))


def _computed(
    desk: Desk, tx: Transaction, month: Month, until: datetime, people: Sequence[PersonOfMonth]
) -> dict[EmployeeId, RecapLine]:
    facts = facts_of_month(tx, month, until, [person.id for person in people])
    found = ((one.employee_id, _line(desk, tx, one)) for one in facts)
    return {who: line for who, line in found if line}


def _line(desk: Desk, tx: Transaction, facts: MonthFacts) -> RecapLine | None:
    """What the table of the person's system makes of his month; None without a recap."""
    definition = desk.definitions.get(tx, facts.definition_id)
    recap = definition.settings.recap
    if recap is None:
        return None
    held = {figure.key: _held(figure, facts) for figure in recap.figures}
    # Rounded once, before the table reads it: what is shown is what was compared.
    figures = {figure.key: round_half_up(figure.of(held[figure.key])) for figure in recap.figures}
    known = {"predicate": facts.predicate, "under_appeal": facts.under_appeal, **figures}
    decided = evaluate(definition.specs.tables[recap.table], {"recap": known})
    return RecapLine(
        employee_id=facts.employee_id,
        definition_id=facts.definition_id,
        predicate=facts.predicate,
        under_appeal=facts.under_appeal,
        cycle_id=facts.cycle_id,
        version=facts.version,
        figures={key: _text(value) for key, value in figures.items()},
        recorded=tuple(key for key, values in held.items() if values),
        outcome={key: _text(value) for key, value in decided.outputs.items()},
    )


def _held(figure: RecapFigure, facts: MonthFacts) -> tuple[Decimal, ...]:
    if figure.source is FigureSource.ATTENDANCE:
        return () if facts.attendance is None else (facts.attendance,)
    return tuple(facts.values.get((figure.record, figure.value), ()))


def _text(value: object) -> str:
    """A number without needless zeros, any other value as it is."""
    if isinstance(value, Decimal):
        return format(round_half_up(value).normalize(), "f")
    return str(value)


def _body(line: RecapLine) -> str:
    told = {name: value for name, value in vars(line).items() if name != "employee_id"}
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()


def _frozen(tx: Transaction, month: MonthRow) -> dict[EmployeeId, RecapLine]:
    """The lines of a frozen month. Raises TrailBroken when they are not what was sealed."""
    _check_seal(tx, month)
    return {row.employee_id: _line_of(row) for row in _lines_of(tx, month)}


def _check_seal(tx: Transaction, month: MonthRow) -> None:
    bodies = ((row.employee_id, row.body) for row in _lines_of(tx, month))
    if seal_of(bodies) != month.sha256:
        raise TrailBroken(f"the recap of {month.month} is not what was frozen")


def _lines_of(tx: Transaction, month: MonthRow) -> Iterator[LineRow]:
    """The lines of a frozen month, read page by page."""
    behind = ""
    while True:
        page = monthly_recaps.lines(tx, month.month, behind=behind)
        yield from page
        if len(page) < monthly_recaps.LINES_A_PAGE:
            return
        behind = page[-1].employee_id


def _told(
    tx: Transaction, month: Month, employee_ids: Sequence[EmployeeId]
) -> dict[EmployeeId, RecapLine]:
    """What payroll was told of these people."""
    rows = monthly_recaps.lines_of(tx, month.code, employee_ids)
    return {row.employee_id: _line_of(row) for row in rows}


def _line_of(row: LineRow) -> RecapLine:
    told = orjson.loads(row.body)
    return RecapLine(employee_id=row.employee_id, **{**told, "recorded": tuple(told["recorded"])})


def _titles(
    desk: Desk, tx: Transaction, lines: Iterable[RecapLine]
) -> dict[str, Mapping[str, str]]:
    """What the figures of these lines are called, by key."""
    ids = {DefinitionId(line.definition_id) for line in lines}
    known = (desk.definitions.get(tx, one).settings.recap for one in sorted(ids))
    figures = chain.from_iterable(recap.figures for recap in known if recap)
    return {figure.key: figure.title for figure in figures}
