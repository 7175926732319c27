"""Citizen surveys of units in cycles, their one-time links, and what citizens answered.

A link is stored as a hash and deleted with its use; an answer has a random id and only a day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, delete, func, select, update

from engine.domain.citizen_survey import ELEMENTS, Tally
from engine.domain.people import AgencyId, EmployeeId, UnitId
from engine.errors import Conflict, NotFound
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class SurveyRow:
    """One survey from `starts` to `ends`, both included; `population` are the users of a year.

    `services` are named one a line; comments are sealed under `comment_key`.
    """

    id: str
    cycle_id: str
    unit_id: UnitId
    starts: date
    ends: date
    population: int | None
    services: str
    comment_key: str
    opened_by: EmployeeId
    opened_at: datetime
    counter_hash: str | None = None
    closed_by: EmployeeId | None = None
    closed_at: datetime | None = None

    @property
    def service_names(self) -> tuple[str, ...]:
        """The services that a citizen chooses among."""
        return tuple(self.services.splitlines())

    def is_open(self, on: date) -> bool:
        """Whether citizens may answer on a day."""
        return self.closed_at is None and self.starts <= on <= self.ends


@dataclass(frozen=True)
class TokenRow:
    """One link that was not used yet."""

    token_hash: str
    survey_id: str


@dataclass(frozen=True)
class ResponseRow:
    """One answer; the nine elements from 1 to 4, `service` counts from 1.

    `keyed_by` and `scan_sha256` belong to answers from paper only.
    """

    id: str
    survey_id: str
    channel: str
    service: int
    visited_on: date
    answered_on: date
    requirements: int
    procedure: int
    time: int
    cost: int
    product: int
    competence: int
    behaviour: int
    complaints: int
    facilities: int
    comment_sealed: bytes | None = None
    keyed_by: EmployeeId | None = None
    scan_sha256: str | None = None


_survey, _token, _response = tables.citizen_survey, tables.survey_token, tables.survey_response
_ALL = rows.selected(_survey, SurveyRow)
_ONE = _ALL.where(_survey.c.id == bindparam("survey_id"))
_LOCKED = _ONE.with_for_update()
_OF_CYCLE = _ALL.where(_survey.c.cycle_id == bindparam("cycle_id")).order_by(
    _survey.c.starts, _survey.c.id
)
_OF_UNIT = _ALL.where(
    _survey.c.cycle_id == bindparam("cycle_id"), _survey.c.unit_id == bindparam("unit_id")
)
_CLOSED = _ALL.where(_survey.c.closed_at.is_not(None)).order_by(_survey.c.ends.desc(), _survey.c.id)
_BY_COUNTER = _ALL.where(_survey.c.counter_hash == bindparam("of_counter"))
_AGENCY_OF_COUNTER = select(_survey.c.agency_id).where(
    _survey.c.counter_hash == bindparam("of_counter")
)
_AGENCY_OF_TOKEN = select(_token.c.agency_id).where(_token.c.token_hash == bindparam("of_token"))
_BY_TOKEN = (
    _ALL.join(
        _token,
        (_token.c.agency_id == _survey.c.agency_id) & (_token.c.survey_id == _survey.c.id),
    )
    .where(_token.c.token_hash == bindparam("of_token"))
)  # fmt: skip
_INSERT = rows.inserted(_survey)
_CHANGE = update(_survey).where(rows.own(_survey), _survey.c.id == bindparam("of_survey"))
_REOPEN = _CHANGE.values(
    {name: bindparam(f"new_{name}") for name in ("starts", "ends", "population", "services")}
    | {"closed_by": None, "closed_at": None}
)
_COUNTER = _CHANGE.values(counter_hash=bindparam("new_counter"))
_CLOSE = _CHANGE.where(_survey.c.closed_at.is_(None)).values(
    closed_by=bindparam("by"), closed_at=bindparam("now")
)
_ADD_TOKENS, _ADD_RESPONSE = rows.inserted(_token), rows.inserted(_response)
_USE = delete(_token).where(rows.own(_token), _token.c.token_hash == bindparam("of_token"))
_RESPONSES = (
    rows.selected(_response, ResponseRow)
    .where(_response.c.survey_id == bindparam("survey_id"))
    .order_by(_response.c.id)
)
_TALLIES = (
    select(
        _response.c.survey_id,
        func.count(),
        *(func.sum(_response.c[element.value]) for element in ELEMENTS),
    )
    .where(
        rows.own(_response),
        _response.c.survey_id.in_(bindparam("surveys", expanding=True)),
    )
    .group_by(_response.c.survey_id)
)


def add(tx: Transaction, survey: SurveyRow) -> None:
    """Record a new survey. Raises Conflict when the unit has one in this cycle."""
    known = Conflict(f"unit {survey.unit_id} has a survey in cycle {survey.cycle_id}")
    rows.add_new(tx, _INSERT, [survey], known=known)


def reopen(tx: Transaction, survey: SurveyRow) -> None:
    """Let a closed survey run again, with the days and services of the row."""
    values = {f"new_{name}": getattr(survey, name)
              for name in ("starts", "ends", "population", "services")}  # fmt: skip
    rows.run(tx, _REOPEN, {"of_survey": survey.id, **values})


def get(tx: Transaction, survey_id: str) -> SurveyRow:
    """One survey. Raises NotFound."""
    return _found(rows.fetch_one(tx, _ONE, SurveyRow, {"survey_id": survey_id}), survey_id)


def lock(tx: Transaction, survey_id: str) -> SurveyRow:
    """One survey for this transaction alone to change. Raises NotFound."""
    return _found(rows.fetch_one(tx, _LOCKED, SurveyRow, {"survey_id": survey_id}), survey_id)


def _found(survey: SurveyRow | None, survey_id: str) -> SurveyRow:
    if survey is None:
        raise NotFound("survey", survey_id)
    return survey


def of_cycle(tx: Transaction, cycle_id: str) -> tuple[SurveyRow, ...]:
    """The surveys of a cycle, the earliest first."""
    return rows.fetch(tx, _OF_CYCLE, SurveyRow, {"cycle_id": cycle_id})


def of_unit(tx: Transaction, cycle_id: str, unit_id: UnitId) -> SurveyRow | None:
    """The survey of a unit in a cycle, open or closed."""
    return rows.fetch_one(tx, _OF_UNIT, SurveyRow, {"cycle_id": cycle_id, "unit_id": unit_id})


def closed(tx: Transaction) -> tuple[SurveyRow, ...]:
    """Every closed survey of the agency, the latest first."""
    return rows.fetch(tx, _CLOSED, SurveyRow)


def set_counter(tx: Transaction, survey_id: str, counter_hash: str) -> None:
    """Give the poster at the counter a new code; the one before leads nowhere."""
    rows.run(tx, _COUNTER, {"of_survey": survey_id, "new_counter": counter_hash})


def close(tx: Transaction, survey_id: str, *, by: EmployeeId, now: datetime) -> bool:
    """Take no more answers; false when it was closed before."""
    return rows.run(tx, _CLOSE, {"of_survey": survey_id, "by": by, "now": now}) == 1


def agency_of_counter(tx: Transaction, counter_hash: str) -> AgencyId | None:
    """Whose poster has this code; asked by who knows no agency."""
    return _agency(tx, _AGENCY_OF_COUNTER, {"of_counter": counter_hash})


def agency_of_token(tx: Transaction, token_hash: str) -> AgencyId | None:
    """Whose link this is; asked by who knows no agency."""
    return _agency(tx, _AGENCY_OF_TOKEN, {"of_token": token_hash})


def _agency(tx: Transaction, statement: object, values: Mapping[str, object]) -> AgencyId | None:
    found = tx.connection.execute(statement, values).scalar_one_or_none()  # type: ignore[call-overload]
    return AgencyId(found) if found else None


def by_counter(tx: Transaction, counter_hash: str) -> SurveyRow | None:
    """The survey whose poster has this code, in the transaction's agency."""
    return rows.fetch_one(tx, _BY_COUNTER, SurveyRow, {"of_counter": counter_hash})


def by_token(tx: Transaction, token_hash: str) -> SurveyRow | None:
    """The survey that an unused link leads to, in the transaction's agency."""
    return rows.fetch_one(tx, _BY_TOKEN, SurveyRow, {"of_token": token_hash})


def add_tokens(tx: Transaction, tokens: Sequence[TokenRow]) -> None:
    """Keep the hashes of new links."""
    rows.add(tx, _ADD_TOKENS, tokens)


def use_token(tx: Transaction, token_hash: str) -> bool:
    """Delete a link with its use; false when it was used before."""
    return rows.run(tx, _USE, {"of_token": token_hash}) == 1


def add_response(tx: Transaction, response: ResponseRow) -> None:
    """Keep an answer."""
    rows.add(tx, _ADD_RESPONSE, [response])


def responses(tx: Transaction, survey_id: str) -> tuple[ResponseRow, ...]:
    """The answers to a survey in the order of their random ids, which is none."""
    return rows.fetch(tx, _RESPONSES, ResponseRow, {"survey_id": survey_id})


def tallies(tx: Transaction, survey_ids: Sequence[str]) -> dict[str, Tally]:
    """The tallies of those surveys that were answered, in one question."""
    values = {"own_agency": tx.agency_id, "surveys": list(survey_ids)}
    return {
        survey_id: Tally(count, dict(zip(ELEMENTS, map(int, sums), strict=True)))
        for survey_id, count, *sums in tx.connection.execute(_TALLIES, values)
    }
